import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { type Server, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Ledger } from './ledger.ts'

/** Most 200s between the moment at which the next process waits and the stop of the present one. */
const ANSWERS_MAX = 500

/** What the log says when a process waits for the one before it. */
const WAITING = 'waiting for another process to leave the database'

/** How long a process waits for the one before it: longer than that one may take to stop. */
const LOCK_WAIT_SECONDS = '25'

/** Time between two looks at whether it is ready: it waits for some time, and the load goes on. */
const LOOK_MILLISECONDS = 10

/** A process that waits for the present one to leave the database. */
interface Successor {
  /** Resolves when it waits. */
  readonly waits: Promise<void>
  /** Resolves when it is ready. */
  readonly ready: Promise<Server>
}

function startNext(context: Context): Successor {
  const { command, environment } = context.program(join(context.folder, 'app.db'))
  const waits = Promise.withResolvers<void>()
  let output = ''
  const ready = startServer({
    command,
    environment: { ...environment, LOCK_WAIT_SECONDS },
    lookMilliseconds: LOOK_MILLISECONDS,
    onOutput: (text) => {
      output += output.includes(WAITING) ? '' : text
      if (output.includes(WAITING)) waits.resolve()
    },
  })
  // A start that fails, or does not wait, is seen where its readiness is waited for.
  ready.then(
    () => waits.resolve(),
    () => waits.resolve(),
  )
  return { waits: waits.promise, ready }
}

/** What is read, or something else where it is gone: files close and processes end meanwhile. */
function whileThere<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

/** Whether a process has the database open still (proc_pid_fd(5)). Its lock, left last, is none. */
function holds({ pid }: Server, database: string): boolean {
  const folder = `/proc/${pid}/fd`
  return whileThere(() => readdirSync(folder), [])
    .map((name) => whileThere(() => readlinkSync(join(folder, name)), ''))
    .some((file) => file.startsWith(database) && !file.endsWith('.lock'))
}

/** Hands the database over to the next process. Resolves to it, and to the milliseconds between. */
async function handOver(context: Context, ledger: Ledger, present: Server) {
  const { waits, ready } = startNext(context)
  const refuseSharing = async () => {
    if (!shared) return
    // What they do to each other may keep the attack from ever coming to its end.
    const next = await ready
    next[Symbol.dispose]()
    throw new Error('two processes had the database at the same time')
  }
  let shared = false
  ready.then(
    () => {
      shared = holds(present, join(context.folder, 'app.db'))
    },
    () => {},
  )
  let waiting = false
  waits.then(() => {
    waiting = true
  })
  let stoppedAt = 0
  const blow = () => {
    stoppedAt = performance.now()
    present.signal('SIGTERM')
  }
  while (!waiting) await ledger.settle(present, 50)
  await refuseSharing()
  await ledger.send(present, { answers: context.chance(ANSWERS_MAX), blow, goesOn: true })
  const code = await present.exited
  if (code !== 0) ledger.problems.push(`a process that hands over ended with ${code}`)
  const next = await ready
  await refuseSharing()
  return { next, milliseconds: performance.now() - stoppedAt }
}

async function run(context: Context): Promise<Tally> {
  const ledger = new Ledger(context)
  let present = await startServer(context.program(join(context.folder, 'app.db')))
  let longest = 0
  try {
    for (let round = 0; round < context.rounds; round += 1) {
      const { next, milliseconds } = await handOver(context, ledger, present)
      present = next
      longest = Math.max(longest, milliseconds)
      await ledger.compare(present)
      ledger.requireAnswers()
      ledger.close()
      context.say(`turn ${round + 1}, ${ledger.book.acknowledged} acknowledged`)
    }
    await ledger.settle(present, 1)
    await ledger.compare(present, true)
    await present.stop()
  } finally {
    present[Symbol.dispose]()
  }
  const note = `the next was ready ${Math.round(longest)} ms after SIGTERM to the last, at most`
  return ledger.tally(context.rounds, [note])
}

/** A rolling restart: two processes take turns on one file, under load. */
export const TURNS: Attack = { name: 'turns', title: 'rolling restart under load', run }
