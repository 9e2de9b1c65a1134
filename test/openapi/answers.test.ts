import { expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv/dist/2020'
import type { World } from '../../src/service.ts'
import { startService, type TestService } from '../support/service.ts'
import { delivery, signed } from '../support/signer.ts'
import { handshake, ON, PATH, post } from '../whatsapp/meta.ts'
import { status, statuses } from '../whatsapp/payloads.ts'
import { type Description, fetchDocument, operationsOf } from './description.ts'

const TOKENS = { API_TOKEN: 'a-token', METRICS_TOKEN: 'm-token', BODY_BYTES_MAX: '400' }

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })
const reader = bearer(TOKENS.API_TOKEN)

const ICON_ETAG = `"${createHash('sha256')
  .update(readFileSync(join(import.meta.dir, '../../src/web/icon.svg')))
  .digest('base64url')}"`

type Request = readonly [operation: string, path: string, init: RequestInit]

const LISTS = ['/statuses', '/notifications', '/quarantine', '/refusals']

/** Requests that bring about every answer that can be brought about from outside. */
const REQUESTS: readonly Request[] = [
  ['POST /webhook', '/webhook', delivery()],
  ['POST /webhook', '/webhook', { method: 'POST', body: '{}' }],
  ['POST /webhook', '/webhook', signed('x'.repeat(401))],
  ['POST /webhook', '/webhook', signed('{"from":"x"}')],
  ['GET /webhook/whatsapp', handshake(), {}],
  ['GET /webhook/whatsapp', PATH, {}],
  ['POST /webhook/whatsapp', PATH, post(statuses(status('s1', 'read')))],
  ['POST /webhook/whatsapp', PATH, { method: 'POST', body: '{}' }],
  ['POST /webhook/whatsapp', PATH, { method: 'POST', body: 'x'.repeat(4_194_305) }],
  ['POST /webhook/whatsapp', PATH, post({})],
  ['GET /statuses/{message_id}', '/statuses/s1', reader],
  ['GET /statuses/{message_id}', '/statuses/unknown', reader],
  ['GET /statuses/{message_id}', '/statuses/s1', {}],
  ...LISTS.flatMap((path): Request[] => [
    [`GET ${path}`, path, reader],
    [`GET ${path}`, `${path}?limit=0`, reader],
    [`GET ${path}`, path, {}],
  ]),
  ['GET /messages', '/messages', reader],
  ['GET /messages', '/messages?limit=0&since=x', reader],
  ['GET /messages', '/messages', {}],
  ['GET /messages/{message_id}', '/messages/m1', reader],
  ['GET /messages/{message_id}', '/messages/unknown', reader],
  ['GET /messages/{message_id}', '/messages/m1', {}],
  ['GET /stats', '/stats', reader],
  ['GET /stats', '/stats', {}],
  ['GET /stats/volume', '/stats/volume', reader],
  ['GET /stats/volume', '/stats/volume?bucket=x', reader],
  ['GET /stats/volume', '/stats/volume', {}],
  ['GET /health/live', '/health/live', {}],
  ['GET /health/ready', '/health/ready', {}],
  ['GET /metrics', '/metrics', bearer(TOKENS.METRICS_TOKEN)],
  ['GET /metrics', '/metrics', {}],
  ['GET /openapi.json', '/openapi.json', {}],
  ['GET /', '/', {}],
  ['GET /docs', '/docs', {}],
  ['GET /assets/{name}', '/assets/docs.js', {}],
  ['GET /assets/{name}', '/assets/none.js', {}],
  ['GET /assets/{name}', '/assets/icon.svg', { headers: { 'If-None-Match': ICON_ETAG } }],
]

/** Requests to a store that is closed. */
const LATE: typeof REQUESTS = [
  ['POST /webhook/whatsapp', PATH, post(statuses(status('late', 'read')))],
  ['GET /statuses/{message_id}', '/statuses/s1', reader],
  ['GET /statuses', '/statuses', reader],
  ['GET /notifications', '/notifications', reader],
  ['GET /quarantine', '/quarantine', reader],
  ['POST /webhook', '/webhook', delivery({ message_id: 'late' })],
  ['GET /messages', '/messages', reader],
  ['GET /messages/{message_id}', '/messages/m1', reader],
  ['GET /stats', '/stats', reader],
  ['GET /stats/volume', '/stats/volume', reader],
  ['GET /health/ready', '/health/ready', {}],
]

/** Requests to a service where WhatsApp is not set up. */
const OFF: typeof REQUESTS = [
  ['GET /webhook/whatsapp', handshake(), {}],
  ['POST /webhook/whatsapp', PATH, post({})],
]

/** A body that begins and does not end. */
const endless = () => {
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Uint8Array.of(1)) })
  return { method: 'POST', body }
}

/** A world in which the 30 seconds that a body may take are over at once. */
const hasty = (real: World): World => {
  return {
    ...real,
    sleep: (time, end) => (time === 30_000 ? Promise.resolve() : real.sleep(time, end)),
  }
}

/** Requests to a service in that world. */
const SLOW: typeof REQUESTS = [
  ['POST /webhook', '/webhook', endless()],
  ['POST /webhook/whatsapp', PATH, endless()],
]

function validatorOf(document: Description) {
  const ajv = new Ajv({ strict: false, formats: { 'date-time': true } })
  ajv.addSchema({ $id: 'document', components: document.components })
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>()
  return (schema: object, value: unknown): string => {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components')
    const check = compiled.get(text) ?? ajv.compile(JSON.parse(text))
    compiled.set(text, check)
    return check(value) ? '' : ajv.errorsText(check.errors)
  }
}

/** Holds one answer to what the document says of it; gives its status. */
async function compare(
  document: Description,
  service: TestService,
  [name, path, init]: (typeof REQUESTS)[number],
): Promise<string> {
  const response = await service.request(path, init)
  const { operation } = operationsOf(document).find((each) => each.name === name) ?? {}
  const described = operation?.responses[response.status]
  const type = response.headers.get('content-type') ?? ''
  if (response.status === 304) return `${name} 304`
  const content = described?.content?.[type]
  expect([name, response.status, Object.keys(described?.content ?? {})]).toEqual([
    name,
    response.status,
    expect.arrayContaining([type]),
  ])
  const body = await response.text()
  const value = type === 'application/json' ? JSON.parse(body) : body
  expect([name, response.status, validatorOf(document)(content?.schema ?? {}, value)]).toEqual([
    name,
    response.status,
    '',
  ])
  for (const header of Object.keys(described?.headers ?? {})) {
    if (header === 'Link') continue
    expect([name, header, response.headers.has(header)]).toEqual([name, header, true])
  }
  return `${name} ${response.status}`
}

test('describes every answer that is really given: status, type, body and headers', async () => {
  await using service = await startService({ ...TOKENS, ...ON })
  const document = await fetchDocument(service)
  const seen = new Set<string>()
  for (const request of REQUESTS) seen.add(await compare(document, service, request))
  await service.stop()
  await using off = await startService()
  for (const request of OFF) seen.add(await compare(document, off, request))
  await using slow = await startService(ON, 'in process', hasty)
  for (const request of SLOW) seen.add(await compare(document, slow, request))
  for (const request of LATE) seen.add(await compare(document, service, request))
  const described = operationsOf(document).flatMap(({ name, operation }) =>
    Object.keys(operation.responses).map((status) => `${name} ${status}`),
  )
  // A defect is nothing that a request can bring about, and a body that is too slow takes half a
  // minute: test/http/slow_body.test.ts has that answer.
  const unseen = described.filter((each) => !seen.has(each))
  expect(unseen.filter((each) => !/ (408|500)$/.test(each))).toEqual([])
})

test('gives examples that keep its own schemas', async () => {
  await using service = await startService()
  const document = await fetchDocument(service)
  const check = validatorOf(document)
  for (const { name, operation } of operationsOf(document)) {
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      for (const { schema, example } of Object.values(content)) {
        if (example === undefined) continue
        expect([name, status, check(schema, example)]).toEqual([name, status, ''])
      }
    }
  }
})

test('gives an example of a delivery that is taken', async () => {
  await using service = await startService()
  const { paths } = (await fetchDocument(service)) as unknown as {
    paths: {
      '/webhook': { post: { requestBody: { content: Record<string, { example: object }> } } }
    }
  }
  const { example } = paths['/webhook'].post.requestBody.content['application/json'] ?? {}
  const response = await service.request('/webhook', signed(JSON.stringify(example)))
  expect(response.status).toBe(200)
})
