import type { Contestant } from './contestants.ts'
import { type Endurance, RATES, type SteadyPair } from './endurance.ts'
import { median } from './quantile.ts'
import type { Startup } from './startup.ts'
import type { Pace } from './steady.ts'
import type { Row } from './table.ts'
import type { Round, Throughput } from './throughput.ts'

/** What is to be reached. Ratios are within one round; times in milliseconds; MB are 10^6 bytes. */
const TARGETS = {
  ofLimit: 0.3,
  ofOneCommit: 5,
  lowP99: 10,
  highP99: 25,
  residentMegabytes: 150,
  readySource: 300,
  readyBinary: 100,
} as const

/** Everything that one run of the bench has measured. */
export interface Results {
  readonly rounds: readonly Round[]
  /** The limit at the high steady rate; see runControl. */
  readonly control: Pace
  readonly endurance: Endurance
  readonly startup: Startup
  readonly messages: number
  /** Everything that was refused, broken, lost or doubled, one line each. */
  readonly problems: readonly string[]
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US')
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
const milliseconds = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)} ms`

function over(rounds: readonly Round[], name: Contestant, figure: (one: Throughput) => number) {
  return median(rounds.map((round) => figure(round[name])))
}

const perSecond = (rounds: readonly Round[], name: Contestant) =>
  `${whole(over(rounds, name, (one) => one.perSecond))}/s`

function ratio(rounds: readonly Round[], to: Contestant, target: number, digits: number): Row {
  const ratios = rounds.map((round) => round.ours.perSecond / round[to].perSecond)
  const value = median(ratios)
  const range = [Math.min(...ratios), Math.max(...ratios)].map((each) => each.toFixed(digits))
  const against = to === 'limit' ? 'the limit' : 'one commit per request'
  return {
    name: `ackbox against ${against}`,
    value: `${value.toFixed(digits)} (${range.join(' to ')})`,
    target: `at least ${target.toFixed(digits)}`,
    reached: value >= target,
  }
}

function saturationRows(rounds: readonly Round[]): Row[] {
  const latency = (key: 'p50' | 'p99') =>
    milliseconds(over(rounds, 'ours', ({ load }) => load[key]))
  return [
    { name: 'Bun.serve, a constant', value: perSecond(rounds, 'constant') },
    { name: 'The limit: HMAC and JSON, no storage', value: perSecond(rounds, 'limit') },
    { name: 'One commit per request', value: perSecond(rounds, 'oneCommit') },
    { name: 'ackbox', value: perSecond(rounds, 'ours') },
    ratio(rounds, 'limit', TARGETS.ofLimit, 2),
    ratio(rounds, 'oneCommit', TARGETS.ofOneCommit, 1),
    { name: 'ackbox at saturation', value: `p50 ${latency('p50')}, p99 ${latency('p99')}` },
  ]
}

const latencies = ({ p50, p99, max }: Pace) =>
  `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`

function steadyRow(perSecond: number, where: string, pace: Pace, target: number): Row {
  return {
    name: `Steady ${whole(perSecond)}/s, ${where}`,
    value: latencies(pace),
    target: `p99 under ${target} ms`,
    reached: pace.p99 < target,
  }
}

function steadyRows(where: string, { low, high }: SteadyPair): Row[] {
  return [
    steadyRow(RATES.low, where, low, TARGETS.lowP99),
    steadyRow(RATES.high, where, high, TARGETS.highP99),
  ]
}

function usageRows({ memory, databaseBytes, walBytes, fill }: Endurance, messages: number): Row[] {
  const after = `after ${whole(messages)} messages`
  return [
    {
      name: `Resident memory ${after}`,
      value: `${megabytes(memory.resident)} (peak ${megabytes(memory.peak)})`,
      target: `under ${TARGETS.residentMegabytes} MB`,
      reached: memory.resident < TARGETS.residentMegabytes * 1e6,
    },
    {
      name: `Files ${after}`,
      value: `${megabytes(databaseBytes)} and a WAL of ${megabytes(walBytes)}`,
    },
    {
      name: `Filling up to ${whole(messages)}`,
      value: `${whole(fill.count / fill.pace.seconds)}/s, p99 ${milliseconds(fill.pace.p99)}`,
    },
  ]
}

function readyRow(how: string, value: number | undefined, target?: number): Row {
  const shown = value === undefined ? 'not built' : milliseconds(value)
  const row = { name: `Ready, ${how}`, value: shown }
  if (target === undefined) return row
  return { ...row, target: `within ${target} ms`, reached: value !== undefined && value <= target }
}

function startRows({ startup, endurance, messages }: Results): Row[] {
  return [
    readyRow('from source', startup.source, TARGETS.readySource),
    readyRow('as the binary', startup.binary, TARGETS.readyBinary),
    readyRow(`from source on ${whole(messages)} messages`, startup.used, TARGETS.readySource),
    { name: 'Stopped after SIGTERM', value: milliseconds(endurance.stopMilliseconds) },
  ]
}

function cpuRow({ rounds }: Results): Row {
  const cpu = (name: Contestant, key: 'main' | 'all') =>
    over(rounds, name, ({ cpuMicroseconds }) => cpuMicroseconds[key]).toFixed(0)
  return {
    name: 'CPU for a delivery, limit and ackbox',
    value: `${cpu('limit', 'all')} us; ${cpu('ours', 'all')} us, event loop ${cpu('ours', 'main')}`,
  }
}

/** The table of a whole run. */
export function toRows(results: Results): Row[] {
  const { rounds, control, endurance, messages, problems } = results
  return [
    ...saturationRows(rounds),
    cpuRow(results),
    {
      name: 'Refused, broken, lost or doubled',
      value: problems.length === 0 ? 'none' : `${problems.length} problems`,
      target: 'none',
      reached: problems.length === 0,
    },
    { name: `The limit at ${whole(RATES.high)}/s, for comparison`, value: latencies(control) },
    ...steadyRows('new database', endurance.fresh),
    ...steadyRows(`${whole(messages)} messages`, endurance.used),
    ...usageRows(endurance, messages),
    ...startRows(results),
  ]
}
