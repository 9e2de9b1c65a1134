import { describe, expect, test } from 'bun:test'
import { startService, TRANSPORTS } from '../support/service.ts'
import { delivery, fields, SECRET, signatureOf, signed } from '../support/signer.ts'
import { openConnection, rawRequest } from './connection.ts'

const BODY = JSON.stringify(fields())
const RIGHT = signatureOf(BODY)

/** Signature headers of BODY that are not the contract's, by what is wrong with them. */
const WRONG: Readonly<Record<string, string>> = {
  empty: '',
  'upper case': RIGHT.toUpperCase(),
  'prefixed with sha256=': `sha256=${RIGHT}`,
  'one digit short': RIGHT.slice(1),
  'one digit long': `${RIGHT}0`,
  'with one bit changed': RIGHT.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')),
  'all zeros': '0'.repeat(64),
  'of another body': signatureOf(`${BODY} `),
  'made with another secret': signatureOf(BODY, `${SECRET}!`),
  'made with an empty secret': signatureOf(BODY, ''),
  'in Base64': Buffer.from(RIGHT, 'hex').toString('base64'),
  'of 10,000 digits': RIGHT.repeat(156),
}

describe.each([...TRANSPORTS])('the signature, %s', (transport) => {
  test.each(Object.keys(WRONG))('is refused when %s', async (name) => {
    await using service = await startService({}, transport)
    const init = signed(BODY, { 'X-Signature': WRONG[name] ?? '' })
    const response = await service.request('/webhook', init)
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('{"detail":"invalid signature"}')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await service.metric('webhook_requests_total{result="invalid_signature"}')).toBe(1)
    expect(await service.json('/stats')).toMatchObject({ total_messages: 0 })
  })

  test('is refused when there is none', async () => {
    await using service = await startService({}, transport)
    const response = await service.request('/webhook', { method: 'POST', body: BODY })
    expect(response.status).toBe(401)
    expect(await response.text()).toBe('{"detail":"invalid signature"}')
  })

  test('is refused when it stands there twice, even if both are right', async () => {
    await using service = await startService({}, transport)
    const headers = new Headers({ 'X-Signature': RIGHT })
    headers.append('X-Signature', RIGHT)
    const response = await service.request('/webhook', { method: 'POST', body: BODY, headers })
    expect(response.status).toBe(401)
  })

  test('is of the bytes: the same JSON in other spacing needs another', async () => {
    await using service = await startService({}, transport)
    const spaced = JSON.stringify(fields(), null, 2)
    const stale = signed(spaced, { 'X-Signature': RIGHT })
    expect((await service.request('/webhook', stale)).status).toBe(401)
    expect((await service.request('/webhook', signed(spaced))).status).toBe(200)
  })

  test('is of the bytes also where they are not text', async () => {
    await using service = await startService({}, transport)
    const init = signed(new Uint8Array([0xff, 0xfe, 0x00]))
    expect((await service.request('/webhook', init)).status).toBe(422)
  })
})

/**
 * Control characters but the tab, which HTTP itself forbids in a header (RFC 9110, 5.5): Bun
 * answers them with a 400 of its own before any of our code runs.
 */
const isForbidden = (byte: number) => byte < 0x20 && byte !== 0x09

test('refuses every byte value at one place of a right signature but the right one', async () => {
  await using service = await startService({}, 'socket')
  const url = service.url()
  const place = 20
  const statusOf = async (byte: number) => {
    using connection = await openConnection(url)
    const header = RIGHT.slice(0, place) + String.fromCharCode(byte) + RIGHT.slice(place + 1)
    connection.send(rawRequest('POST /webhook', { 'X-Signature': header }, BODY))
    return (await connection.answer()).status
  }
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  const statuses = await Promise.all(bytes.map(statusOf))
  const right = RIGHT.charCodeAt(place)
  const expected = bytes.map((byte) => (isForbidden(byte) ? 400 : byte === right ? 200 : 401))
  expect(statuses).toEqual(expected)
})

test('takes the header whatever the case of its name and the blanks around its value', async () => {
  await using service = await startService({}, 'socket')
  using connection = await openConnection(service.url())
  connection.send(rawRequest('POST /webhook', { 'x-SIGNATURE': `  ${RIGHT} \t` }, BODY))
  expect((await connection.answer()).status).toBe(200)
})

test('refuses two signature lines on the wire, in either order', async () => {
  await using service = await startService({}, 'socket')
  const wrong = '0'.repeat(64)
  for (const [first, second] of [
    [RIGHT, wrong],
    [wrong, RIGHT],
    ['', RIGHT],
  ]) {
    using connection = await openConnection(service.url())
    const header = `${first}\r\nX-Signature: ${second}`
    connection.send(rawRequest('POST /webhook', { 'X-Signature': header }, BODY))
    expect((await connection.answer()).status).toBe(401)
  }
})

test('a right signature is still taken after many wrong ones', async () => {
  await using service = await startService()
  const wrong = signed(BODY, { 'X-Signature': 'f'.repeat(64) })
  for (let n = 0; n < 100; n += 1) await service.request('/webhook', wrong)
  expect((await service.request('/webhook', delivery())).status).toBe(200)
})
