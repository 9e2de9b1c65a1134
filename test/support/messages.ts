import type { Arrival } from '../../src/message.ts'
import type { ListQuery } from '../../src/query.ts'

/** An arrival that keeps every rule, with the fields that a test is about changed. */
export function arrival(changes: Partial<Arrival> = {}): Arrival {
  return {
    message_id: 'm1',
    from: '+14155550100',
    to: '+14155550101',
    ts: '2025-01-15T10:00:00Z',
    text: 'Hello',
    receivedAt: 1_736_935_200_123,
    ...changes,
  }
}

/** So many arrivals with different ids, `m1` and up, a second apart. */
export function arrivals(count: number, changes: Partial<Arrival> = {}): Arrival[] {
  return Array.from({ length: count }, (_, n) => {
    const ts = new Date(Date.UTC(2025, 0, 15, 10, 0, n)).toISOString().replace('.000', '')
    return arrival({ message_id: `m${n + 1}`, ts, ...changes })
  })
}

/** One arrival for each id, the same in all else. */
export function arrivalsOf(...ids: string[]): Arrival[] {
  return ids.map((message_id) => arrival({ message_id }))
}

/** A list query that matches everything, with the parts that a test is about changed. */
export function listQuery(changes: Partial<ListQuery> = {}): ListQuery {
  return { limit: 50, offset: 0n, ...changes }
}
