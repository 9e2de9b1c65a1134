import { join } from 'node:path'
import { type ServerOptions, startServer } from '../../bench/server.ts'
import { type Answer, openWire, type Wire } from '../wire.ts'
import { Journal } from './journal.ts'
import { judge } from './judge.ts'
import { Ledger } from './ledger.ts'
import { harvestCursors, listRows } from './listing.ts'
import { drawShot, type Gun, type Shot } from './shot.ts'

/** Connections that shoot at the same time. */
const LANES = 32

/** Shots at one process and its database; then comes a new one, so that lists stay short. */
const MATCH_SHOTS = 20_000

/** Most failing shots that are told in full. */
const FAILURES_MAX = 20

/** Longest wait for the log lines of the last answers, in milliseconds. */
const LOG_MILLISECONDS = 10_000

const LOOK_MILLISECONDS = 10

/** What to shoot at, and with what. */
export interface RangeOptions {
  /** How to start the service on a database. */
  readonly program: (database: string) => ServerOptions
  /** An empty folder for its databases. */
  readonly folder: string
  readonly seed: number
  /** The first number, and how many from there. */
  readonly from: number
  readonly requests: number
  readonly say: (what: string) => void
}

/** One shot that was not answered as it must be. */
export interface Failure {
  readonly shot: Shot
  readonly problems: readonly string[]
}

/** What the fuzzer has seen. */
export interface Score {
  readonly acknowledged: number
  readonly lost: number
  readonly doubled: number
  readonly failures: readonly Failure[]
  /** What is wrong beside single shots, a sentence each. */
  readonly problems: readonly string[]
  /** How many answers had each status; `none` for shots without one. */
  readonly statuses: Readonly<Record<string, number>>
}

/** Everything of one match: the numbers from `next` to before `end`. */
class Match {
  readonly ledger = new Ledger()
  readonly failures: Failure[] = []
  readonly statuses: Record<string, number> = {}
  readonly gun: Gun
  readonly journal: Journal
  readonly #end: number
  #next: number

  constructor(of: { gun: Gun; journal: Journal; next: number; end: number }) {
    this.gun = of.gun
    this.journal = of.journal
    this.#next = of.next
    this.#end = of.end
  }

  /** Counts an answer, or that there was none, and judges it. */
  take(shot: Shot, answer: Answer | undefined): void {
    const status = answer?.status ?? 'none'
    this.statuses[status] = (this.statuses[status] ?? 0) + 1
    if (answer === undefined && !shot.isWhole) return
    const problems = answer === undefined ? ['no answer'] : judge(shot, answer)
    if (problems.length > 0 && this.failures.length < FAILURES_MAX) {
      this.failures.push({ shot, problems })
    }
    const id = answer?.headers['x-request-id']
    if (id !== undefined) this.journal.answered(id)
    if (status === 200 && shot.signed !== undefined) this.ledger.acknowledge(shot)
  }

  /** The next shot; undefined after the last. */
  draw(): Shot | undefined {
    if (this.#next >= this.#end) return undefined
    this.#next += 1
    return drawShot(this.gun, this.#next - 1)
  }
}

/** Sends what may be no HTTP over a connection of its own, and takes whatever comes. */
async function fireBroken(match: Match, port: number, shot: Shot): Promise<void> {
  using wire = await openWire(port)
  wire.send(shot.bytes)
  wire.finish()
  let answer = await wire.answer(shot.method === 'HEAD')
  match.take(shot, answer)
  while (answer !== undefined) {
    answer = await wire.answer(shot.method === 'HEAD')
    if (answer !== undefined) match.take(shot, answer)
  }
}

async function runLane(match: Match, port: number): Promise<void> {
  let wire: Wire | undefined
  for (let shot = match.draw(); shot !== undefined; shot = match.draw()) {
    match.ledger.send(shot)
    if (!shot.isWhole) {
      await fireBroken(match, port, shot)
      continue
    }
    if (wire === undefined || wire.isEnded()) wire = await openWire(port)
    wire.send(shot.bytes)
    const answer = await wire.answer(shot.method === 'HEAD')
    match.take(shot, answer)
    if (answer === undefined || answer.headers.connection === 'close') {
      wire[Symbol.dispose]()
      wire = undefined
    }
  }
  wire?.[Symbol.dispose]()
}

/** What the log lacks or has too much of, once every line had its time. */
async function judgeLog({ journal, gun }: Match): Promise<string[]> {
  const end = performance.now() + LOG_MILLISECONDS
  while (journal.missing().length > 0 && performance.now() < end) await Bun.sleep(LOOK_MILLISECONDS)
  const [missing] = journal.missing()
  // A connection on which no HTTP came may end before the answer, and the line is there.
  const unseen = journal.unseen().find((number) => drawShot(gun, number).isWhole)
  return [
    ...journal.problems,
    ...(missing === undefined ? [] : [`the answer with the id ${missing} has no line in the log`]),
    ...(unseen === undefined ? [] : [`request ${unseen} has two lines in the log`]),
  ]
}

/** Shoots at a service of its own, judges every answer, the log, and in the end every row. */
async function play(options: RangeOptions, from: number, to: number): Promise<Score> {
  const journal = new Journal()
  const program = options.program(join(options.folder, `${from}.db`))
  using server = await startServer({ ...program, onOutput: (text) => journal.take(text) })
  const gun = { seed: options.seed, cursors: await harvestCursors(server) }
  const match = new Match({ gun, journal, next: from, end: to })
  await Promise.all(Array.from({ length: LANES }, () => runLane(match, server.port)))
  const account = await match.ledger.settle(listRows(server.url), gun)
  const problems = [...account.problems, ...(await judgeLog(match))]
  await server.stop()
  const { failures, statuses } = match
  return { ...account, failures, statuses, problems }
}

function addStatuses(a: Score['statuses'], b: Score['statuses']): Record<string, number> {
  const sum: Record<string, number> = { ...a }
  for (const [status, count] of Object.entries(b)) sum[status] = (sum[status] ?? 0) + count
  return sum
}

const add = (a: Score, b: Score): Score => ({
  acknowledged: a.acknowledged + b.acknowledged,
  lost: a.lost + b.lost,
  doubled: a.doubled + b.doubled,
  failures: [...a.failures, ...b.failures].slice(0, FAILURES_MAX),
  problems: [...a.problems, ...b.problems],
  statuses: addStatuses(a.statuses, b.statuses),
})

const NOTHING: Score = {
  ...{ acknowledged: 0, lost: 0, doubled: 0 },
  ...{ failures: [], problems: [], statuses: {} },
}

/** Shoots as often as is asked, at one process after another. */
export async function shoot(options: RangeOptions): Promise<Score> {
  const { from, requests, say } = options
  let score = NOTHING
  for (let at = from; at < from + requests; at += MATCH_SHOTS) {
    const to = Math.min(at + MATCH_SHOTS, from + requests)
    score = add(score, await play(options, at, to))
    say(`${to - from} requests, ${score.failures.length + score.problems.length} problems`)
  }
  return score
}
