import { join } from 'node:path'
import { SECRET } from '../bench/contestants.ts'
import { type Server, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Book } from './book.ts'
import { takeCensus } from './census.ts'
import { openMint } from './mint.ts'
import { runSenders } from './senders.ts'
import { verifyStore } from './store_check.ts'

/** Longest time to ready after a crash, in milliseconds. */
const READY_MILLISECONDS = 1000

/** Most 200s after which a round's process is killed. */
const ANSWERS_MAX = 2000

/** One round in so many has a process killed while it is still opening the database. */
const EARLY_KILL_ONE_IN = 4

/** Longest time after which such a process is killed, in milliseconds. */
const EARLY_KILL_MILLISECONDS = 250

/** One round in so many compares every message since the first, and not only the later ones. */
const WHOLE_ONE_IN = 25

/** What goes on from round to round. */
interface Campaign {
  readonly context: Context
  readonly book: Book
  readonly database: string
  /** Everything below is listed; see takeCensus. */
  low: number
  lost: number
  doubled: number
  readonly problems: string[]
  readonly ready: number[]
}

const mint = openMint(SECRET)

/** Starts a process and kills it before it can be ready, or just then. */
async function killEarly({ context, database }: Campaign): Promise<void> {
  const { command, environment } = context.program(database)
  const child = Bun.spawn([...command], {
    env: { ...process.env, ...environment, HOST: '127.0.0.1', PORT: '0' },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  await Bun.sleep(context.chance(EARLY_KILL_MILLISECONDS))
  child.kill('SIGKILL')
  await child.exited
}

/** Compares, and counts what is wrong. */
async function compare(campaign: Campaign, server: Server, low: number): Promise<void> {
  const { book, problems } = campaign
  const census = await takeCensus(server.url, book, low)
  campaign.lost += census.lost
  campaign.doubled += census.doubled
  problems.push(...census.problems)
}

/** Sends until the draw of this round is reached, and kills in the middle of it. */
async function killUnderLoad(campaign: Campaign, server: Server): Promise<void> {
  const { context, book } = campaign
  const { chance } = context
  const until = book.acknowledged + chance(ANSWERS_MAX)
  const retries = book.doubtful(campaign.low)
  let killed = false
  const goesOn = () => {
    if (!killed && book.acknowledged >= until) {
      killed = true
      server.signal('SIGKILL')
    }
    return true
  }
  await runSenders({ port: server.port, book, mint, chance, retries, goesOn })
  await server.exited
}

async function runRound(campaign: Campaign, round: number): Promise<void> {
  const { context, book, database, ready } = campaign
  const { chance } = context
  if (chance(EARLY_KILL_ONE_IN) === 0) await killEarly(campaign)
  using server = await startServer(context.program(database))
  ready.push(server.readyMilliseconds)
  await compare(campaign, server, round % WHOLE_ONE_IN === 0 ? 0 : campaign.low)
  campaign.low = book.doubtful(campaign.low)[0] ?? book.sent
  await killUnderLoad(campaign, server)
}

/** The last start, after which everything is compared, and everything doubtful is sent again. */
async function finish(campaign: Campaign): Promise<void> {
  const { context, book, database, ready, problems } = campaign
  using server = await startServer(context.program(database))
  ready.push(server.readyMilliseconds)
  const retries = book.doubtful(campaign.low)
  const options = { port: server.port, book, mint, chance: context.chance, retries }
  await runSenders({ ...options, goesOn: () => retries.length > 0 })
  await compare(campaign, server, 0)
  await server.stop()
  problems.push(...(await verifyStore(context.program(database))))
}

async function run(context: Context): Promise<Tally> {
  const campaign: Campaign = {
    ...{ context, book: new Book(), database: join(context.folder, 'app.db') },
    ...{ low: 0, lost: 0, doubled: 0, problems: [], ready: [] },
  }
  for (let round = 0; round < context.rounds; round += 1) {
    await runRound(campaign, round)
    context.say(`round ${round + 1}, ${campaign.book.acknowledged} acknowledged`)
  }
  await finish(campaign)
  const { book, lost, doubled, problems, ready } = campaign
  const slowest = Math.max(...ready)
  if (context.timed && slowest > READY_MILLISECONDS) {
    problems.push(`ready only ${Math.round(slowest)} ms after a crash`)
  }
  const notes = [`ready ${Math.round(slowest)} ms after the slowest of ${ready.length} starts`]
  return { rounds: context.rounds, acknowledged: book.acknowledged, lost, doubled, problems, notes }
}

/** kill -9 at random moments under load, and while it opens, over one database that grows. */
export const KILL: Attack = { name: 'kill', title: 'kill -9 under load and at the start', run }
