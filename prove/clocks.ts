import { join } from 'node:path'
import { type Server, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Ledger } from './ledger.ts'
import { WallClock } from './wall_clock.ts'

/** Jumps in one life of a process. */
const JUMPS = 8

/** How far the clock may be off, either way: ten years, in seconds. */
const OFF_SECONDS_MAX = 10 * 365 * 86_400

/** Messages that are sent beside the jumps of one life. */
const MESSAGES = 400

/** How much the time of receipt may differ from the clock that was set, in milliseconds. */
const RECEIPT_MILLISECONDS = 60_000

/** Longest time that a request can have taken here, in milliseconds: each jump is longer. */
const LATENCY_MILLISECONDS_MAX = 60_000

/** What goes on from life to life. */
interface Observation {
  lastSeq: number
  readonly requestIds: Set<string>
}

/** Offsets of a minute or ten years and all between, as often short as long. */
function drawOffset({ chance }: Context): number {
  const most = Math.min(OFF_SECONDS_MAX, 120 * 4 ** chance(12))
  return (60 + chance(most)) * (chance(2) === 0 ? -1 : 1)
}

interface Found {
  readonly seq: number
  readonly received_at: string
}

/** Sends one message after a jump, and looks at what the service makes of it. */
async function look(ledger: Ledger, server: Server, clock: WallClock, seen: Observation) {
  const { problems } = ledger
  const id = await ledger.sendOne(server)
  const answer = await fetch(`${server.url}/messages/${id}`)
  const { seq, received_at } = (await answer.json()) as Found
  const off = Math.abs(new Date(received_at).getTime() - clock.now())
  if (!(off < RECEIPT_MILLISECONDS)) problems.push(`${id} is received at ${received_at}`)
  if (!(seq > seen.lastSeq)) problems.push(`seq ${seq} comes after ${seen.lastSeq}`)
  seen.lastSeq = seq
  const requestId = answer.headers.get('x-request-id') ?? ''
  if (seen.requestIds.has(requestId)) problems.push(`the request id ${requestId} is there twice`)
  seen.requestIds.add(requestId)
}

/** Complains of log lines and metrics with a latency that no request can have. */
async function judgeLatency(server: Server, log: string, problems: string[]): Promise<void> {
  const sane = (value: number) => value >= 0 && value < LATENCY_MILLISECONDS_MAX
  const lines = log.split('\n').filter((line) => line.includes('"latency_ms"'))
  const odd = lines.find((line) => !sane((JSON.parse(line) as { latency_ms: number }).latency_ms))
  if (odd !== undefined) problems.push(`the log has ${odd}`)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  const quantiles = metrics.matchAll(/^(request_latency_ms\{\S+) (\S+)$/gm)
  for (const [, name, value] of quantiles) {
    if (!sane(Number(value))) problems.push(`${name} is ${value}`)
  }
  const sums = metrics.matchAll(
    /^((?:http_request|webhook_commit)_duration_seconds_sum\S*) (\S+)$/gm,
  )
  for (const [, name, value] of sums) {
    if (!(Number(value) >= 0)) problems.push(`${name} is ${value}`)
  }
}

async function runLife(context: Context, ledger: Ledger, clock: WallClock, seen: Observation) {
  let log = ''
  const program = clock.govern(context.program(join(context.folder, 'app.db')))
  const onOutput = (text: string) => {
    log += text
  }
  using server = await startServer({ ...program, onOutput })
  const load = ledger.settle(server, MESSAGES)
  for (let jump = 0; jump < JUMPS; jump += 1) {
    clock.set(drawOffset(context))
    await look(ledger, server, clock, seen)
  }
  await load
  await judgeLatency(server, log, ledger.problems)
  await ledger.compare(server, true)
  ledger.close()
  await server.stop()
}

async function run(context: Context): Promise<Tally> {
  const ledger = new Ledger(context)
  const clock = new WallClock(join(context.folder, 'clock'))
  const seen: Observation = { lastSeq: 0, requestIds: new Set() }
  const lives = Math.ceil(context.rounds / JUMPS)
  for (let life = 0; life < lives; life += 1) {
    await runLife(context, ledger, clock, seen)
    context.say(`${(life + 1) * JUMPS} jumps, ${ledger.book.acknowledged} acknowledged`)
  }
  return ledger.tally(lives * JUMPS, [`${lives} starts, each at another time`])
}

/** The wall clock jumps back and forth by up to ten years, under load and between two starts. */
export const CLOCKS: Attack = { name: 'clocks', title: 'the wall clock jumps', run }
