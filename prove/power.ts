import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../bench/server.ts'
import { answeredNumber } from './answer.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Book } from './book.ts'
import { takeCensus } from './census.ts'
import { Disk } from './disk.ts'
import { record } from './recording.ts'
import { verifyStore } from './store_check.ts'
import { type Event, readTrace } from './trace.ts'

/** Power losses in one life of a process; then it is recorded anew, over the same files. */
const LOSSES_PER_LIFE = 50

/** Messages that a life acknowledges: so many, and some for each loss. */
const MESSAGES = { least: 300, perLoss: 40 }

/** What goes on from life to life. */
interface Campaign {
  readonly context: Context
  readonly database: string
  readonly disk: Disk
  /** What the senders know at the end of a life. */
  readonly book: Book
  /** Messages answered 200 up to this place of the trace. */
  readonly answered: Set<number>
  lost: number
  doubled: number
  readonly problems: string[]
}

/** The places in a trace at which the power is lost: half of them just after an answer. */
function drawPlaces(events: readonly Event[], count: number, { chance }: Context): Set<number> {
  const answers = [...events.keys()].filter((at) => events[at]?.kind === 'answer')
  const places = new Set<number>()
  while (places.size < Math.min(count, events.length)) {
    const atAnswer = answers.length > 0 && chance(2) === 0
    places.add(atAnswer ? (answers[chance(answers.length)] ?? 0) : chance(events.length))
  }
  return places
}

/** Opens what a power loss leaves, and compares it with what was answered before. */
async function openLeft(campaign: Campaign): Promise<void> {
  const { context, disk, book, answered } = campaign
  const folder = join(context.folder, 'left')
  const database = join(folder, 'app.db')
  mkdirSync(folder)
  for (const [suffix, bytes] of disk.lose(context.chance)) await Bun.write(database + suffix, bytes)
  {
    using server = await startServer(context.program(database))
    const known = Book.of(book.sent, answered)
    const census = await takeCensus(server.url, known, 0)
    campaign.lost += census.lost
    campaign.doubled += census.doubled
    campaign.problems.push(...census.problems)
    server.signal('SIGKILL')
    await server.exited
  }
  campaign.problems.push(...(await verifyStore(context.program(database))))
  rmSync(folder, { recursive: true })
}

/** One life under strace, and so many power losses in it. */
async function loseIn(campaign: Campaign, losses: number): Promise<void> {
  const { context, database, disk, book, answered } = campaign
  const messages = MESSAGES.least + MESSAGES.perLoss * losses
  const { trace } = await record(context, { database, book, messages })
  const events: Event[] = []
  for await (const event of readTrace(trace, database)) events.push(event)
  const places = drawPlaces(events, losses, context)
  for (const [at, event] of events.entries()) {
    disk.see(event)
    const number = event.kind === 'answer' ? answeredNumber(event.text) : undefined
    if (number !== undefined) answered.add(number)
    if (places.has(at)) await openLeft(campaign)
  }
}

async function run(context: Context): Promise<Tally> {
  const campaign: Campaign = {
    ...{ context, database: join(context.folder, 'app.db'), disk: new Disk(), book: new Book() },
    ...{ answered: new Set<number>(), lost: 0, doubled: 0, problems: [] },
  }
  for (let done = 0; done < context.rounds; done += LOSSES_PER_LIFE) {
    await loseIn(campaign, Math.min(LOSSES_PER_LIFE, context.rounds - done))
    context.say(`${Math.min(context.rounds, done + LOSSES_PER_LIFE)} power losses`)
  }
  const { lost, doubled, problems, answered } = campaign
  return { rounds: context.rounds, acknowledged: answered.size, lost, doubled, problems, notes: [] }
}

/**
 * Power loss at random moments of a trace: each file has what was synced, and of the rest nothing,
 * all, a part, or on a log anything. It opens with every row that was acknowledged before.
 */
export const POWER: Attack = { name: 'power', title: 'power loss, files cut and torn', run }
