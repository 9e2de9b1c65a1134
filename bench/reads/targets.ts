import type { Load } from '../load.ts'
import type { Memory } from '../proc.ts'
import { median } from '../quantile.ts'
import type { Pace } from '../steady.ts'
import type { Row } from '../table.ts'
import type { Built } from './build.ts'
import { inWords } from './grid.ts'
import type { Ingest } from './ingest.ts'
import type { Goal } from './kinds.ts'
import type { Line } from './measure.ts'
import type { Timing } from './timing.ts'

/** What the issue of fast reads asks for, beside the goals of each kind. */
const GOALS = {
  quarterMilliseconds: 5000,
  ingestRatio: 0.6,
  ingestP99Ratio: 2,
  bytesRatio: 2.5,
  residentBytes: 200_000_000,
}

const MEGA = 1_000_000

const failed = ({ failures }: Timing) => Object.keys(failures).length > 0

function goalRow(name: string, goal: Goal, small: Timing, large: Timing): Row {
  const growth = large.p99 / small.p99
  const grown = goal.growth === undefined || growth <= goal.growth
  const times = goal.growth === undefined ? '' : `, ${growth.toFixed(1)} times`
  return {
    name,
    value: `p99 ${large.p99.toFixed(1)} ms${times}${failed(large) ? ', not all answered' : ''}`,
    target: `under ${goal.under} ms${goal.growth === undefined ? '' : `, ${goal.growth} times`}`,
    reached: large.p99 < goal.under && grown && !failed(large),
  }
}

/** A row for each kind with a goal: the largest store against the smallest. */
export function readRows(lines: readonly Line[], small: number, large: number): Row[] {
  return lines.flatMap(({ name, kind, timings }) => {
    const [first, last] = [timings[small], timings[large]]
    if (kind?.goal === undefined || first === undefined || last === undefined) return []
    return [goalRow(name, kind.goal, first, last)]
  })
}

/** The cold total of a needle in a quarter of all rows. */
export function quarterRow({ name, timings }: Line, large: number): Row {
  const timing = timings[large]
  const max = timing?.max ?? Number.NaN
  return {
    name,
    value: `at most ${Math.round(max)} ms`,
    target: 'under 5 s',
    reached: max < GOALS.quarterMilliseconds && timing !== undefined && !failed(timing),
  }
}

const list = (numbers: readonly number[], digits: number) =>
  numbers.map((number) => number.toFixed(digits)).join(', ')

const rate = ({ answers, seconds }: Load) => answers / seconds

function rateRows({ empty, full }: Ingest): Row[] {
  const ratios = full.map((load, round) => rate(load) / rate(empty[round] ?? load))
  const refused = [...empty, ...full].some((load) => load.refused + load.broken > 0)
  return [
    { name: 'ingest into an empty store', value: `${list(empty.map(rate), 0)}/s` },
    { name: 'ingest into the largest store', value: `${list(full.map(rate), 0)}/s` },
    {
      name: 'the largest against the empty one, median',
      value: `${median(ratios).toFixed(2)} of ${list(ratios, 2)}${refused ? ', refused' : ''}`,
      target: 'at least 0.6',
      reached: median(ratios) >= GOALS.ingestRatio && !refused,
    },
  ]
}

function paceRows({ alone, beside, perSecond, reads }: Ingest): Row[] {
  const ratios = beside.map((pace, round) => pace.p99 / (alone[round]?.p99 ?? Number.NaN))
  const statuses = Object.entries(reads).map(([status, count]) => `${count} x ${status}`)
  const p99s = (paces: readonly Pace[]) =>
    `${list(
      paces.map(({ p99 }) => p99),
      1,
    )} ms`
  return [
    { name: `ingest p99 at ${perSecond}/s, alone`, value: p99s(alone) },
    { name: `beside the worst read in a loop (${statuses.join(', ')})`, value: p99s(beside) },
    {
      name: 'ingest p99 beside against alone, median',
      value: `${median(ratios).toFixed(2)} times of ${list(ratios, 2)}`,
      target: 'at most 2 times',
      reached: median(ratios) <= GOALS.ingestP99Ratio,
    },
  ]
}

/** How ingest fares on the largest store, against an empty one and beside reads. */
export function ingestRows(ingest: Ingest): Row[] {
  return [...rateRows(ingest), ...paceRows(ingest)]
}

/** Bytes on disk and in memory. */
export function sizeRows(built: readonly Built[], memories: readonly Memory[]): Row[] {
  return built.flatMap(({ size, jsonBytes, bytes, searchBytes }, index) => {
    const ratio = (bytes + searchBytes) / jsonBytes
    const { resident = Number.NaN, peak = Number.NaN } = memories[index] ?? {}
    const mega = (number: number) => (number / MEGA).toFixed(0)
    const files = `${mega(bytes)} and ${mega(searchBytes)}`
    return [
      {
        name: `bytes of ${inWords(size)} against JSON`,
        value: `${ratio.toFixed(2)} times: ${files} MB for ${mega(jsonBytes)}`,
        target: 'at most 2.5 times',
        reached: ratio <= GOALS.bytesRatio,
      },
      {
        name: `resident memory with ${inWords(size)}`,
        value: `${mega(resident)} MB (peak ${mega(peak)} MB)`,
        target: 'under 200 MB',
        reached: peak < GOALS.residentBytes,
      },
    ]
  })
}
