import { type ServerOptions, startServer } from '../../bench/server.ts'
import { type Answer, openWire, type Wire } from '../wire.ts'
import { Journal } from './journal.ts'
import { judge } from './judge.ts'
import { Ledger } from './ledger.ts'
import { harvestCursors, listRows } from './listing.ts'
import { drawShot, type Gun, type Shot } from './shot.ts'

/** Connections that shoot at the same time. */
const LANES = 32

/** Shots between two lines about how far it is. */
const SAY_EVERY = 50_000

/** Most failing shots that are told in full. */
const FAILURES_MAX = 20

/** Longest wait for the log lines of the last answers, in milliseconds. */
const LOG_MILLISECONDS = 10_000

const LOOK_MILLISECONDS = 10

/** What to shoot at, and with what. */
export interface RangeOptions {
  /** How to start the service; its database must be new. */
  readonly program: ServerOptions
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

/** Everything of one run. */
class Range {
  readonly journal = new Journal()
  readonly ledger = new Ledger()
  readonly failures: Failure[] = []
  readonly statuses: Record<string, number> = {}
  gun: Gun
  next: number

  constructor(readonly options: RangeOptions) {
    this.gun = { seed: options.seed, cursors: [] }
    this.next = options.from
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
    const { from, requests, say } = this.options
    const done = this.next - from
    if (done >= requests) return undefined
    if (done > 0 && done % SAY_EVERY === 0) say(`${done} requests, ${this.failures.length} failed`)
    this.next += 1
    return drawShot(this.gun, this.next - 1)
  }
}

/** Sends what may be no HTTP over a connection of its own, and takes whatever comes. */
async function fireBroken(range: Range, port: number, shot: Shot): Promise<void> {
  using wire = await openWire(port)
  wire.send(shot.bytes)
  wire.finish()
  let answer = await wire.answer(shot.method === 'HEAD')
  range.take(shot, answer)
  while (answer !== undefined) {
    answer = await wire.answer(shot.method === 'HEAD')
    if (answer !== undefined) range.take(shot, answer)
  }
}

async function runLane(range: Range, port: number): Promise<void> {
  let wire: Wire | undefined
  for (let shot = range.draw(); shot !== undefined; shot = range.draw()) {
    range.ledger.send(shot)
    if (!shot.isWhole) {
      await fireBroken(range, port, shot)
      continue
    }
    if (wire === undefined || wire.isEnded()) wire = await openWire(port)
    wire.send(shot.bytes)
    const answer = await wire.answer(shot.method === 'HEAD')
    range.take(shot, answer)
    if (answer === undefined || answer.headers.connection === 'close') {
      wire[Symbol.dispose]()
      wire = undefined
    }
  }
  wire?.[Symbol.dispose]()
}

/** What the log lacks or has too much of, once every line had its time. */
async function judgeLog({ journal, gun }: Range): Promise<string[]> {
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
export async function shoot(options: RangeOptions): Promise<Score> {
  const range = new Range(options)
  const { journal, ledger, failures, statuses } = range
  const output = (chunk: Uint8Array) => journal.take(chunk)
  using server = await startServer({ ...options.program, onOutput: output })
  range.gun = { ...range.gun, cursors: await harvestCursors(server) }
  await Promise.all(Array.from({ length: LANES }, () => runLane(range, server.port)))
  const account = await ledger.settle(listRows(server.url), range.gun)
  const problems = [...account.problems, ...(await judgeLog(range))]
  await server.stop()
  return { ...account, failures, statuses, problems }
}
