import { join } from 'node:path'
import { SECRET } from '../bench/contestants.ts'
import { memoryOf } from '../bench/proc.ts'
import { type Server, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { type Flood, runFlood } from './flood.ts'
import { Ledger } from './ledger.ts'
import { openMint } from './mint.ts'
import { slowDisk } from './slow_disk.ts'

/** Bound of the queue: low, so that the connections of one generator can fill it ten times. */
const QUEUE_MESSAGES_MAX = 256

/** How long each fsync takes on the slow disk. */
const SYNC_MILLISECONDS = 250

/** The flood is so many times what the service can take. */
const TIMES = 10

/** Connections of the flood: all that the queue holds, and those that are being refused. */
const CONNECTIONS = 4 * QUEUE_MESSAGES_MAX

/** Longest flood. */
const SECONDS_MAX = 60

/** Messages that tell the speed before and after: for each second of the flood, and at most. */
const SPEED_MESSAGES = { perSecond: 300, most: 3000 }

/** Messages that tell what the service can take on the slow disk. */
const SLOW_MESSAGES = 2 * QUEUE_MESSAGES_MAX

/** Most memory of the process, resident. The flood keeps a thousand connections open. */
const RESIDENT_BYTES_MAX = 400e6

/** Longest wait of what is accepted: for the two batches before it, its own, and a move each. */
const LATENCY_MILLISECONDS_MAX = 8 * SYNC_MILLISECONDS

/** The speed afterwards is at least this part of the one before. */
const RECOVERED_MIN = 0.5

/** Messages acknowledged in a second, over so many of them. */
async function speed(ledger: Ledger, server: Server, messages: number, connections?: number) {
  const startedAt = performance.now()
  const before = ledger.book.acknowledged
  await ledger.settle(server, messages, connections)
  return ((ledger.book.acknowledged - before) * 1000) / (performance.now() - startedAt)
}

/** What must hold whatever the machine is like. */
function judgeFlood({ problems }: Ledger, flood: Flood, peak: number): void {
  const { others, withoutRetryAfter, accepted, refused } = flood
  if (others.length > 0) problems.push(`${others.length} answers like ${others[0]} in the flood`)
  if (withoutRetryAfter > 0) problems.push(`${withoutRetryAfter} answers without Retry-After`)
  if (refused === 0) problems.push('nothing was refused: this was no overload')
  if (accepted === 0) problems.push('nothing was accepted in the overload')
  if (peak > RESIDENT_BYTES_MAX)
    problems.push(`${Math.round(peak / 1e6)} MB of memory in the flood`)
}

/** What must hold on a quiet machine. */
function judgeTimes({ problems }: Ledger, flood: Flood, before: number, after: number): void {
  if (flood.latency.max > LATENCY_MILLISECONDS_MAX) {
    problems.push(`an accepted message waited ${Math.round(flood.latency.max)} ms`)
  }
  if (after < RECOVERED_MIN * before) {
    problems.push(`${Math.round(after)}/s after the flood, ${Math.round(before)}/s before it`)
  }
}

/** Floods a slow disk. Resolves to what the flood met and the rate it came at. */
async function floodSlowDisk(context: Context, ledger: Ledger, server: Server) {
  await using _slow = await slowDisk(server.pid, SYNC_MILLISECONDS)
  const sustained = await speed(ledger, server, SLOW_MESSAGES, QUEUE_MESSAGES_MAX)
  const perSecond = TIMES * sustained
  context.say(`${Math.round(sustained)}/s on the slow disk; ${Math.round(perSecond)}/s are sent`)
  const seconds = Math.min(SECONDS_MAX, context.rounds)
  const { port } = server
  const mint = openMint(SECRET)
  const how = { port, book: ledger.book, mint, perSecond, seconds, connections: CONNECTIONS }
  return { flood: await runFlood(how), perSecond }
}

function notesOf(flood: Flood, perSecond: number, speeds: readonly [number, number], peak: number) {
  const { accepted, refused, latency } = flood
  const [before, after] = speeds.map(Math.round)
  return [
    `${Math.round(perSecond)}/s, ten times what it can take: ${accepted} accepted, ${refused} 503`,
    `accepted in ${Math.round(latency.p50)} ms in the median, ${Math.round(latency.max)} at most`,
    `${Math.round(peak / 1e6)} MB of memory at most; ${before}/s before and ${after}/s just after`,
  ]
}

async function run(context: Context): Promise<Tally> {
  const ledger = new Ledger(context)
  const { command, environment } = context.program(join(context.folder, 'app.db'))
  const variables = { ...environment, QUEUE_MESSAGES_MAX: String(QUEUE_MESSAGES_MAX) }
  using server = await startServer({ command, environment: variables })
  const messages = Math.min(SPEED_MESSAGES.most, SPEED_MESSAGES.perSecond * context.rounds)
  await ledger.settle(server, messages)
  const before = await speed(ledger, server, messages)
  const { flood, perSecond } = await floodSlowDisk(context, ledger, server)
  const { peak } = memoryOf(server.pid)
  const after = await speed(ledger, server, messages)
  judgeFlood(ledger, flood, peak)
  if (context.timed) judgeTimes(ledger, flood, before, after)
  await ledger.compare(server, true)
  await server.stop()
  return ledger.tally(1, notesOf(flood, perSecond, [before, after], peak))
}

/** Ten times what a slow disk can take: memory, answers and latency stay within their bounds. */
export const OVERLOAD: Attack = { name: 'overload', title: 'overload on a slow disk', run }
