import { expect, test } from 'bun:test'
import { openWriting } from '../../src/sqlite/database.ts'
import { Settler } from '../../src/sqlite/settler.ts'
import { Writer } from '../../src/sqlite/writer.ts'
import { QueryStopped } from '../../src/store.ts'
import { arrival, listQuery } from '../support/messages.ts'

/** A settler whose clock goes on by a millisecond with every look at it, before two arrivals. */
function openWaiting() {
  const db = openWriting(':memory:')
  new Writer(db).append(['m1', 'm2'].map((message_id) => arrival({ message_id })))
  let time = 0
  const now = () => {
    time += 1
    return time
  }
  const stored = () => db.query('SELECT count(*) FROM main.messages').values()[0]?.[0]
  return { settler: new Settler(db, now), stored }
}

const list = (milliseconds: number) => [listQuery({}), { milliseconds, gone: new Int32Array(1) }]

test('what is not moved yet is shown and left where it is', () => {
  const { settler, stored } = openWaiting()
  expect(settler.peek('list', list(1000))).toMatchObject({ total: 2 })
  expect(settler.peek('stats', [])).toMatchObject({ total_messages: 2 })
  expect(stored()).toBe(0)
  expect(settler.settle()).toEqual({ seq: 2, change: 0 })
  expect(stored()).toBe(2)
  settler.close()
})

test('a question to the settler has its time too', () => {
  const { settler } = openWaiting()
  expect(() => settler.peek('list', list(0))).toThrow(new QueryStopped('timeout'))
  expect(settler.peek('list', list(1000))).toMatchObject({ total: 2 })
  settler.close()
})
