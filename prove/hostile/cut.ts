import type { Chance } from '../../bench/chance.ts'
import type { Server } from '../../bench/server.ts'
import { openWire } from '../wire.ts'
import { chunked, pack, sendable } from './parcel.ts'
import { isStored, settle } from './target.ts'

/** Connections that are cut at the same time. */
const LANES = 16

/** A delivery that breaks off. */
interface Cut {
  readonly id: string
  readonly bytes: Buffer
}

/** The last line of a chunked body is empty: without it the body is whole all the same. */
const LAST_LINE = '\r\n'.length

/** The deliveries, in both framings, that end before each byte of them but the last that count. */
function cutsOf(round: number): Cut[] {
  const cuts: Cut[] = []
  for (const [name, frame, spare] of [
    ['length', sendable, 0],
    ['chunks', chunked, LAST_LINE],
  ] as const) {
    const size = frame(pack(`cut-${round}-${name}-0000`)).length - spare
    for (let end = 0; end < size; end += 1) {
      const id = `cut-${round}-${name}-${String(end).padStart(4, '0')}`
      cuts.push({ id, bytes: frame(pack(id)).subarray(0, end) })
    }
  }
  return cuts
}

/** Sends the beginning, and goes away with a farewell or, as often, without. */
async function send({ port }: Server, { bytes }: Cut, chance: Chance): Promise<void> {
  using wire = await openWire(port)
  wire.send(bytes)
  if (chance(2) === 0) wire.reset()
}

/** Breaks off at every byte of a delivery, none of which may be stored; what was is told. */
export async function cutEverywhere(server: Server, round: number, chance: Chance) {
  const cuts = cutsOf(round)
  const waiting = [...cuts]
  const runLane = async () => {
    for (let cut = waiting.pop(); cut !== undefined; cut = waiting.pop()) {
      await send(server, cut, chance)
    }
  }
  await Promise.all(Array.from({ length: LANES }, runLane))
  await settle(server)
  const problems: string[] = []
  for (const { id, bytes } of cuts) {
    if (await isStored(server, id))
      problems.push(`${id} is stored of its first ${bytes.length} bytes`)
  }
  return problems
}
