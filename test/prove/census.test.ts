import { expect, test } from 'bun:test'
import { Book } from '../../prove/book.ts'
import { takeCensus } from '../../prove/census.ts'
import { mint } from '../../prove/mint.ts'
import { startService, type TestService } from '../support/service.ts'
import { signed } from '../support/signer.ts'

const send = (service: TestService, message: object) =>
  service.request('/webhook', signed(JSON.stringify(message)))

/** A service with the first messages of a book in which so many more are acknowledged. */
async function census(stored: readonly object[], acknowledged: number) {
  await using service = await startService()
  for (const message of stored) await send(service, message)
  const numbers = Array.from({ length: acknowledged }, (_, number) => number)
  return await takeCensus(service.url(), Book.of(acknowledged, numbers), 0)
}

const minted = (count: number) => Array.from({ length: count }, (_, number) => mint(number))

test('a census finds nothing wrong where all is there', async () => {
  expect(await census(minted(150), 150)).toEqual({ lost: 0, doubled: 0, problems: [] })
})

test('a census finds what is lost', async () => {
  expect(await census(minted(150), 152)).toEqual({ lost: 2, doubled: 0, problems: [] })
})

test('a census finds what is not as it was sent first, and a count that is off by it', async () => {
  const changed = { ...mint(3), text: 'something else' }
  const { lost, problems } = await census([...minted(3), changed], 4)
  expect(lost).toBe(1)
  expect(problems).toContain('n3. is not as it was sent first')
  expect(problems).toContain('total_messages is 4, a recount gives 3')
})

test('a census finds what nobody sent', async () => {
  const { problems } = await census(minted(2), 1)
  expect(problems).toContain('n1. is not as it was sent first')
})

test('a census finds each row too many', async () => {
  const rows = [mint(0), mint(1), mint(1)]
  using server = Bun.serve({
    port: 0,
    fetch: ({ url }) =>
      Response.json(url.includes('/stats') ? {} : { data: rows, total: rows.length }),
  })
  const { lost, doubled } = await takeCensus(server.url.origin, Book.of(2, [0, 1]), 0)
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 1 })
})
