import { expect, test } from 'bun:test'
import { compileErrors, validate } from '@readme/openapi-parser'
import { Validator } from '@seriousme/openapi-schema-validator'
import { openRoutes } from '../../src/http/app.ts'
import { routeFinder } from '../../src/http/routes.ts'
import { startService } from '../support/service.ts'
import { fetchDocument, operationsOf } from './description.ts'

test('is OpenAPI 3.1, in the judgement of one validator', async () => {
  await using service = await startService()
  const validator = new Validator()
  const document = (await service.json('/openapi.json')) as Record<string, unknown>
  const { valid, errors } = await validator.validate(document)
  expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1'])
})

test('is OpenAPI 3.1, in the judgement of another', async () => {
  await using service = await startService()
  const document = await service.json('/openapi.json')
  const result = await validate(document as Parameters<typeof validate>[0])
  expect(result.valid ? '' : compileErrors(result)).toBe('')
})

test('has an operation for each route, and no other', async () => {
  await using service = await startService()
  const app = openRoutes({} as Parameters<typeof openRoutes>[0])
  const findRoute = routeFinder(app.routes)
  const routes = app.routes.map(({ method, path }) => `${method} ${findRoute(path)?.template}`)
  const operations = operationsOf(await fetchDocument(service))
  expect(operations.map(({ name }) => name)).toEqual(routes)
})

test('says of each operation who may call it, what it gives, and what goes wrong', async () => {
  await using service = await startService()
  for (const { name, operation } of operationsOf(await fetchDocument(service))) {
    expect([name, operation.summary]).toEqual([name, expect.stringMatching(/\w/)])
    expect([name, operation.operationId]).toEqual([name, expect.stringMatching(/^[a-zA-Z]+$/)])
    const statuses = Object.keys(operation.responses)
    expect([name, statuses]).toEqual([name, expect.arrayContaining(['200', '500'])])
    const guarded = operation.security?.some((each) => !('signature' in each)) ?? false
    if (guarded) expect([name, statuses]).toEqual([name, expect.arrayContaining(['401'])])
  }
})

test('is the same for everybody, and needs no token', async () => {
  await using service = await startService({ API_TOKEN: 'a', METRICS_TOKEN: 'b' })
  await using open = await startService()
  expect(await fetchDocument(service)).toEqual(await fetchDocument(open))
})
