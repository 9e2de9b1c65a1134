import { expect, test } from 'bun:test'
import { openConnection, rawRequest } from '../http/connection.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { delivery, fields, signatureOf } from '../support/signer.ts'

/** The bytes of a signed delivery. */
function bytesOf(message_id: string): string {
  const body = JSON.stringify(fields({ message_id }))
  return rawRequest('POST /webhook', { 'X-Signature': signatureOf(body) }, body)
}

// Bun closes a connection on which a request comes before the last one is answered.
test('a sender that does not wait for answers gets none, and loses nothing by that', async () => {
  using folder = openFolder()
  await using service = startProcess({ DATABASE_URL: `sqlite:///${folder.file('app.db')}` })
  const url = await service.url()
  using connection = await openConnection(url)
  connection.send(bytesOf('m1') + bytesOf('m2'))
  await connection.ended
  for (const message_id of ['m1', 'm2', 'm2']) {
    const response = await fetch(`${url}/webhook`, delivery({ message_id }))
    expect([response.status, await response.text()]).toEqual([200, '{"status":"ok"}'])
  }
  expect(await (await fetch(`${url}/messages`)).json()).toMatchObject({ total: 2 })
})
