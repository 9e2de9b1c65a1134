import { expect } from 'bun:test'
import fc from 'fast-check'
import type { Arrival } from '../src/message.ts'
import type { VolumeCount, VolumeQuery } from '../src/volume.ts'
import type { StoreTest } from './store.engine.ts'
import { arrival } from './support/messages.ts'
import { microseconds } from './support/model.ts'

const MILLISECONDS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
const BUCKETS = ['minute', 'hour', 'day'] as const

const at = (ts: string, changes: Partial<Arrival> = {}) =>
  arrival({ message_id: crypto.randomUUID(), ts, ...changes })

/** Counts each message by itself; the windows of these tests are short, or open at both ends. */
function countEach(sent: readonly Arrival[], query: VolumeQuery): VolumeCount[] {
  const width = MILLISECONDS[query.bucket]
  const numberOf = (instant: bigint) => Math.floor(Number(instant) / 1000 / width)
  const wanted = sent.filter(({ from }) => query.from === undefined || query.from === from)
  const numbers = wanted.map(({ ts }) => numberOf(microseconds(ts)))
  const first = query.since === undefined ? Math.max(...numbers) - 999 : numberOf(query.since)
  const end = query.until === undefined ? first + 1000 : -numberOf(-query.until)
  const counts = new Map<number, number>()
  for (const number of numbers.toSorted((a, b) => a - b)) {
    if (number >= first && number < end) counts.set(number, (counts.get(number) ?? 0) + 1)
  }
  return [...counts].map(([number, count]) => ({ number, count }))
}

const EPOCH = ['1969-12-31T23:58:59.999999Z', '1969-12-31T23:59:00Z', '1970-01-01T00:00:00Z']
const TIMES = [
  ...EPOCH,
  '1969-12-31T00:00:00Z',
  '1970-01-01T00:00:59.999999Z',
  '1970-01-01T00:01:00Z',
  '1970-01-01T01:00:00Z',
  '1970-01-02T00:00:00Z',
]

const query: fc.Arbitrary<VolumeQuery> = fc.record(
  {
    bucket: fc.constantFrom(...BUCKETS),
    from: fc.constantFrom('+1', '+2', '+3'),
    since: fc.constantFrom(...TIMES).map(microseconds),
    until: fc.constantFrom(...TIMES).map(microseconds),
  },
  { requiredKeys: ['bucket'] },
)

/** The contract of `volume`. */
export function describeVolume(testStore: StoreTest): void {
  testStore('counts nothing where there is nothing', async (store) => {
    for (const bucket of BUCKETS) expect(await store.volume({ bucket })).toEqual([])
    await store.append([at(TIMES[0] ?? '')])
    expect(await store.volume({ bucket: 'hour', from: '+9' })).toEqual([])
  })

  testStore('ends with the latest message where both ends are open', async (store) => {
    const old = '1900-01-01T00:00:00Z'
    const sent = [at(old), at('2025-01-15T10:00:00Z'), at('2025-01-15T10:59:59.999999Z')]
    await store.append(sent)
    const number = Date.UTC(2025, 0, 15, 10) / MILLISECONDS.hour
    expect(await store.volume({ bucket: 'hour' })).toEqual([{ number, count: 2 }])
  })

  testStore('covers a thousand buckets and no more', async (store) => {
    const sent = Array.from({ length: 1002 }, (_, n) => {
      return at(new Date(n * MILLISECONDS.hour).toISOString())
    })
    await store.append(sent)
    for (const from of [undefined, arrival().from]) {
      const party = from === undefined ? {} : { from }
      const last = await store.volume({ bucket: 'hour', ...party })
      expect([last.length, last[0]?.number, last.at(-1)?.number]).toEqual([1000, 2, 1001])
      const first = await store.volume({ bucket: 'hour', since: 0n, ...party })
      expect([first.length, first.at(-1)?.number]).toEqual([1000, 999])
      const until = BigInt(1001 * MILLISECONDS.hour) * 1000n
      const middle = await store.volume({ bucket: 'hour', until, ...party })
      expect([middle.length, middle[0]?.number]).toEqual([1000, 1])
    }
  })

  testStore('counts as each message by itself does, on both sides of 1970', async (store) => {
    const sent = TIMES.flatMap((ts, n) => [at(ts, { from: '+1' }), at(ts, { from: `+${n % 3}` })])
    await store.append(sent)
    await fc.assert(
      fc.asyncProperty(query, async (asked) => {
        if (asked.since !== undefined && asked.until === undefined) return
        if (asked.since === undefined && asked.until !== undefined) return
        expect(await store.volume(asked)).toEqual(countEach(sent, asked))
      }),
      { numRuns: 200 },
    )
  })
}
