import { join } from 'node:path'
import { type ServerOptions, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Ledger } from './ledger.ts'
import { verifyStore } from './store_check.ts'

/** Longest time to ready after a crash, in milliseconds. */
const READY_MILLISECONDS = 1000

/** Most 200s after which a round's process is killed. */
const ANSWERS_MAX = 1600

/** One round in so many has a process killed while it is still opening the database. */
const EARLY_KILL_ONE_IN = 4

/** Longest time after which such a process is killed, in milliseconds. */
const EARLY_KILL_MILLISECONDS = 250

/** One round in so many compares every message since the first, and not only the later ones. */
const WHOLE_ONE_IN = 25

/** Starts a process and kills it before it can be ready, or just then. */
async function killEarly({ command, environment }: ServerOptions, milliseconds: number) {
  const child = Bun.spawn([...command], {
    env: { PATH: process.env.PATH, ...environment, HOST: '127.0.0.1', PORT: '0' },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  await Bun.sleep(milliseconds)
  child.kill('SIGKILL')
  await child.exited
}

/** One life that ends under load. Resolves to the milliseconds until it was ready. */
async function runRound(context: Context, ledger: Ledger, round: number): Promise<number> {
  const { chance, folder } = context
  const program = context.program(join(folder, 'app.db'))
  if (chance(EARLY_KILL_ONE_IN) === 0) await killEarly(program, chance(EARLY_KILL_MILLISECONDS))
  using server = await startServer(program)
  await ledger.compare(server, round % WHOLE_ONE_IN === 0)
  ledger.close()
  const blow = () => server.signal('SIGKILL')
  await ledger.send(server, { answers: chance(ANSWERS_MAX), blow, goesOn: true })
  await server.exited
  return server.readyMilliseconds
}

/** The last life: everything doubtful is sent again, and everything is compared. */
async function finish(context: Context, ledger: Ledger): Promise<number> {
  const program = context.program(join(context.folder, 'app.db'))
  using server = await startServer(program)
  await ledger.settle(server, 1)
  await ledger.compare(server, true)
  await server.stop()
  ledger.problems.push(...(await verifyStore(program)))
  return server.readyMilliseconds
}

async function run(context: Context): Promise<Tally> {
  const ledger = new Ledger(context)
  const ready: number[] = []
  for (let round = 0; round < context.rounds; round += 1) {
    ready.push(await runRound(context, ledger, round))
    context.say(`round ${round + 1}, ${ledger.book.acknowledged} acknowledged`)
  }
  ready.push(await finish(context, ledger))
  const slowest = Math.round(Math.max(...ready))
  if (context.timed && slowest > READY_MILLISECONDS) {
    ledger.problems.push(`ready only ${slowest} ms after a crash`)
  }
  return ledger.tally(context.rounds, [
    `ready within ${slowest} ms at each of ${ready.length} starts`,
  ])
}

/** kill -9 at random moments under load, and while it opens, over one database that grows. */
export const KILL: Attack = { name: 'kill', title: 'kill -9 under load and at the start', run }
