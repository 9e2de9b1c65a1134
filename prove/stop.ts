import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, openConnection } from '../bench/connection.ts'
import { type Server, type ServerOptions, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Ledger } from './ledger.ts'

/** Most 200s after which a round's process is stopped. */
const ANSWERS_MAX = 800

/** Connections that are open and say nothing. */
const IDLE_CONNECTIONS = 32

/** Clients that search all the time. */
const SEARCHERS = 4

/** SHUTDOWN_SECONDS of the process, and what a busy machine may take beyond it, in milliseconds. */
const STOP = { seconds: 10, graceMilliseconds: 5000 }

/** The first process of its own process namespace, as in a container: pid_namespaces(7). */
const AS_FIRST = ['unshare', '--pid', '--fork', '--kill-child']

/** The same program as PID 1, where this user may do that. */
function asFirst({ command, environment }: ServerOptions): ServerOptions {
  return { command: [...AS_FIRST, ...command], environment }
}

/** The process that unshare has started: its only child. */
function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())
}

/** Searches until the service is gone; each answer must be whole and 200, until it stops. */
async function search({ url }: Server, problems: string[], stopping: () => boolean) {
  for (;;) {
    const answer = await fetch(`${url}/messages?q=sent%20first&limit=100`).catch(() => undefined)
    const text = await answer?.text().catch(() => undefined)
    if (answer === undefined || text === undefined) return
    if (answer.status !== 200 && !stopping()) problems.push(`a search answers ${answer.status}`)
  }
}

const openIdle = ({ port }: Server): Promise<Connection[]> =>
  Promise.all(Array.from({ length: IDLE_CONNECTIONS }, () => openConnection(port, () => {})))

/** What must hold once the process has ended. */
async function judgeEnd(context: Context, server: Server, { problems }: Ledger): Promise<void> {
  const longest = STOP.seconds * 1000 + STOP.graceMilliseconds
  const code = await Promise.race([server.exited, Bun.sleep(longest)])
  if (code !== 0) problems.push(`an orderly stop ended with ${code ?? 'nothing in time'}`)
  const left = readdirSync(context.folder).filter((name) => name.endsWith('-wal'))
  if (left.length > 0) problems.push(`an orderly stop left ${left.join(', ')}`)
}

async function stopUnderLoad(context: Context, ledger: Ledger, first: boolean): Promise<void> {
  const program = context.program(join(context.folder, 'app.db'))
  using server = await startServer(first ? asFirst(program) : program)
  await ledger.compare(server)
  ledger.requireAnswers()
  ledger.close()
  const pid = first ? childOf(server.pid) : server.pid
  const idle = await openIdle(server)
  let stopping = false
  const searchers = Array.from({ length: SEARCHERS }, () =>
    search(server, ledger.problems, () => stopping),
  )
  const blow = () => {
    stopping = true
    process.kill(pid, 'SIGTERM')
  }
  await ledger.send(server, { answers: context.chance(ANSWERS_MAX), blow, goesOn: true })
  await Promise.all(searchers)
  for (const connection of idle) connection.close()
  await judgeEnd(context, server, ledger)
}

async function run(context: Context): Promise<Tally> {
  const ledger = new Ledger(context)
  const mayBeFirst = process.getuid?.() === 0 && Bun.which('unshare') !== null
  for (let round = 0; round < context.rounds; round += 1) {
    await stopUnderLoad(context, ledger, mayBeFirst && round % 2 === 1)
    context.say(`round ${round + 1}, ${ledger.book.acknowledged} acknowledged`)
  }
  using server = await startServer(context.program(join(context.folder, 'app.db')))
  await ledger.compare(server, true)
  ledger.requireAnswers()
  await server.stop()
  const asPid1 = mayBeFirst ? Math.floor(context.rounds / 2) : 0
  return ledger.tally(context.rounds, [`${asPid1} of ${context.rounds} stops as PID 1`])
}

/**
 * SIGTERM under load, with searches under way and idle connections open, as a plain process and
 * as PID 1 in turn: it ends with 0 in time, and all that it stored was answered.
 */
export const STOP_UNDER_LOAD: Attack = { name: 'stop', title: 'SIGTERM under load', run }
