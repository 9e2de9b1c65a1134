import { join } from 'node:path'
import { SECRET } from '../bench/contestants.ts'
import { type Server, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Book } from './book.ts'
import { takeCensus } from './census.ts'
import { listRows } from './fuzz/listing.ts'
import { gather } from './hostile/crowd.ts'
import { cutEverywhere } from './hostile/cut.ts'
import { comparePaces } from './hostile/pace.ts'
import { probeShapes } from './hostile/probe.ts'
import { deliver, holdingsAtWork, roomForLarge, untilBack } from './hostile/target.ts'
import { openMint } from './mint.ts'
import { runSenders } from './senders.ts'

/** Hostile clients for each round, of all kinds together, and at most. */
const CROWD_PER_ROUND = 160
const CROWD_MAX = 4000

/** Deliveries of the good sender while the crowd is there. */
const GOOD_DELIVERIES = 1000

/** Deliveries between two bytes of the slow ones. */
const DRIP_EVERY = 32

/** One round of shapes and cuts for so many that are asked for: each sends hundreds of requests. */
const ROUNDS_PER_ROUND = 10

/** What goes on from part to part. */
interface Siege {
  readonly context: Context
  readonly server: Server
  readonly size: number
  /** Ids that were answered 200, beside those of the good sender. */
  readonly acknowledged: string[]
  readonly problems: string[]
}

/** The good sender, and what it knows of its deliveries. */
type Good = Omit<Parameters<typeof runSenders>[0], 'goesOn'> & { readonly book: Book }

/** Whether a good sender has all its deliveries taken while the crowd stands around. */
async function crowdIn({ server, size, problems }: Siege, good: Good): Promise<void> {
  const crowd = await gather(server, size)
  let asked = 0
  const goesOn = () => {
    asked += 1
    if (asked % DRIP_EVERY === 0) crowd.drip()
    return good.book.acknowledged < GOOD_DELIVERIES
  }
  const seen = await runSenders({ ...good, goesOn })
  const refused = Object.keys(seen.statuses).filter((status) => status !== '200')
  for (const status of refused) problems.push(`a good sender is answered ${status} in the crowd`)
  if (seen.unanswered > 0) problems.push(`${seen.unanswered} good deliveries are not answered`)
  crowd.disperse()
}

/** Shapes and broken-off deliveries, and a good one after each round of them. */
async function probeIn({ context, server, acknowledged, problems }: Siege, round: number) {
  const findings = await probeShapes(server, round)
  acknowledged.push(...findings.acknowledged)
  problems.push(...findings.problems)
  problems.push(...(await cutEverywhere(server, round, context.chance)))
  const id = `good-${round}`
  const status = await deliver(server, id)
  if (status === 200) acknowledged.push(id)
  else problems.push(`a good delivery after round ${round} is answered ${status}`)
}

/** Holds all rows but the good sender's against what was acknowledged. */
async function compareRows({ server, acknowledged, problems }: Siege) {
  const found = new Set<string>()
  const known = new Set(acknowledged)
  let doubled = 0
  for await (const { message_id: id } of listRows(server.url)) {
    if (found.has(id)) doubled += 1
    if (!known.has(id)) problems.push(`${id} is stored, and nobody was told so`)
    found.add(id)
  }
  return { lost: acknowledged.filter((id) => !found.has(id)).length, doubled }
}

/** Everything but the pace: what is left afterwards must be what was there before. */
async function besiege(siege: Siege, rounds: number) {
  const { context, server, problems } = siege
  const { port } = server
  const book = new Book()
  const good: Good = { port, book, mint: openMint(SECRET), retries: [], chance: context.chance }
  await runSenders({ ...good, goesOn: () => book.acknowledged === 0 })
  const before = await holdingsAtWork(server)
  const room = await roomForLarge(server)
  await crowdIn(siege, good)
  problems.push(...(await untilBack(server, before)))
  const census = await takeCensus(server.url, book, 0)
  problems.push(...census.problems)
  for (let round = 0; round < rounds; round += 1) {
    await probeIn(siege, round)
    context.say(`round ${round + 1}, ${siege.acknowledged.length} acknowledged`)
  }
  problems.push(...(await untilBack(server, before)))
  const left = await roomForLarge(server)
  if (left !== room) problems.push(`there is room for ${left} large bodies, and was for ${room}`)
  const { lost, doubled } = await compareRows(siege)
  return {
    acknowledged: book.acknowledged + siege.acknowledged.length,
    lost: census.lost + lost,
    doubled: census.doubled + doubled,
  }
}

async function run(context: Context): Promise<Tally> {
  using server = await startServer(context.program(join(context.folder, 'app.db')))
  const size = Math.min(CROWD_PER_ROUND * context.rounds, CROWD_MAX)
  const siege: Siege = { ...{ context, server, size }, acknowledged: [], problems: [] }
  const rounds = Math.ceil(context.rounds / ROUNDS_PER_ROUND)
  const { acknowledged, lost, doubled } = await besiege(siege, rounds)
  const { folder, timed } = context
  const pace = timed ? await comparePaces(server, { folder, size, timed }) : undefined
  await server.stop()
  return {
    ...{ rounds, lost, doubled },
    acknowledged: acknowledged + (pace?.acknowledged ?? 0),
    problems: [...siege.problems, ...(pace?.problems ?? [])],
    notes: [`${size} hostile clients at a time`, ...(pace === undefined ? [] : [pace.note])],
  }
}

/** Clients that stay, break off, never read, and frame their requests to be misread. */
export const HOSTILE: Attack = { name: 'hostile', title: 'hostile connections and framings', run }
