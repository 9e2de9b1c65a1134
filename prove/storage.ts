import { type Server, startServer } from '../bench/server.ts'
import { until } from '../test/support/deadline.ts'
import { breakCalls, type Disk, openDisk } from '../test/support/disk.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { Ledger } from './ledger.ts'
import { requireProgram } from './program.ts'

const MIB = 1_048_576

/** The disk, and what the service keeps free of it. */
const DISK_BYTES = 128 * MIB
const FREE_BYTES_MIN = 16 * MIB

/** Most 200s of a round before the trouble begins. */
const ANSWERS_MAX = 500

/** 200s that a round waits for once the trouble is over. */
const ANSWERS_AFTER = 100

/** Something that befalls a disk while the service is under load. */
interface Trouble {
  readonly name: string
  /** What readiness says of it. */
  readonly reason: string
  /** Brings it about; disposing of what it resolves to ends it. */
  readonly begin: (disk: Disk, pid: number) => Promise<AsyncDisposable>
}

const filled = (freeBytes: number) => async (disk: Disk) => {
  disk.fill(freeBytes)
  return { [Symbol.asyncDispose]: async () => disk.empty() }
}

const broken = (calls: string, error: string) => (_disk: Disk, pid: number) =>
  breakCalls(pid, { calls, error })

const TROUBLES: readonly Trouble[] = [
  { name: 'full', reason: 'storage full', begin: filled(0) },
  { name: 'EIO', reason: 'database not ready', begin: broken('pwrite64', 'EIO') },
  {
    name: 'EIO at fsync',
    reason: 'database not ready',
    begin: broken('fsync,fdatasync', 'EIO'),
  },
  { name: 'at its floor', reason: 'storage full', begin: filled(FREE_BYTES_MIN / 2) },
  { name: 'EROFS', reason: 'database not ready', begin: broken('pwrite64', 'EROFS') },
  { name: 'EDQUOT', reason: 'database not ready', begin: broken('pwrite64', 'EDQUOT') },
]

async function readiness({ url }: Server) {
  const answer = await fetch(`${url}/health/ready`)
  const { reason } = (await answer.json()) as { reason?: string }
  return { status: answer.status, reason }
}

/** Reads go on, whatever happens to writes. */
async function judgeReads({ url }: Server, trouble: Trouble, { problems }: Ledger): Promise<void> {
  for (const path of ['/messages?limit=1', '/messages?q=sent%20first&limit=1', '/stats']) {
    const { status } = await fetch(url + path)
    if (status !== 200) problems.push(`${path} answers ${status} while the disk is ${trouble.name}`)
  }
}

/** Waits for the trouble to show, looks on, and ends it. Resolves to the milliseconds to ready. */
async function sitOut(disk: Disk, server: Server, trouble: Trouble, ledger: Ledger) {
  const begun = await trouble.begin(disk, server.pid)
  try {
    const { reason } = await until('readiness to notice the trouble', async () => {
      const said = await readiness(server)
      return said.status === 503 && said
    })
    if (reason !== trouble.reason) ledger.problems.push(`${trouble.name} is called ${reason}`)
    await judgeReads(server, trouble, ledger)
  } finally {
    await begun[Symbol.asyncDispose]()
  }
  const endedAt = performance.now()
  await until('the service to recover', async () => (await readiness(server)).status === 200)
  return performance.now() - endedAt
}

/** One trouble under load, which goes on until messages are taken again. */
async function befall(context: Context, disk: Disk, server: Server, ledger: Ledger, at: number) {
  const trouble = TROUBLES[at % TROUBLES.length]
  if (trouble === undefined) throw new Error('there is no trouble')
  let sitting: Promise<number> | undefined
  let goal = Number.POSITIVE_INFINITY
  const blow = () => {
    sitting = sitOut(disk, server, trouble, ledger)
    sitting.then(
      () => {
        goal = ledger.book.acknowledged + ANSWERS_AFTER
      },
      // What it throws is seen below, once the senders have ended: at once.
      () => {
        goal = 0
      },
    )
  }
  const goesOn = () => ledger.book.acknowledged < goal
  const seen = await ledger.send(server, { answers: context.chance(ANSWERS_MAX), blow, goesOn })
  const milliseconds = (await sitting) ?? 0
  const odd = Object.keys(seen.statuses).filter((status) => status !== '200' && status !== '503')
  if (odd.length > 0) ledger.problems.push(`${trouble.name}: answers of ${odd.join(', ')}`)
  if (seen.unanswered > 0) ledger.problems.push(`${trouble.name}: ${seen.unanswered} unanswered`)
  if (!seen.statuses['503']) ledger.problems.push(`${trouble.name}: nothing was refused`)
  await ledger.compare(server)
  ledger.close()
  context.say(`${trouble.name}, ${ledger.book.acknowledged} acknowledged`)
  return milliseconds
}

async function run(context: Context): Promise<Tally> {
  const ledger = new Ledger(context)
  requireProgram('strace')
  await using disk = await openDisk(DISK_BYTES)
  const { command, environment } = context.program(disk.file('app.db'))
  const variables = { ...environment, DISK_FREE_BYTES_MIN: String(FREE_BYTES_MIN) }
  const start = () => startServer({ command: [...disk.enter, ...command], environment: variables })
  let longest = 0
  {
    using server = await start()
    for (let round = 0; round < context.rounds; round += 1) {
      longest = Math.max(longest, await befall(context, disk, server, ledger, round))
    }
    await server.stop()
  }
  using again = await start()
  await ledger.compare(again, true)
  await again.stop()
  const kinds = Math.min(context.rounds, TROUBLES.length)
  const note = `${kinds} troubles in one life; ready ${Math.round(longest)} ms after each, at most`
  return ledger.tally(context.rounds, [note])
}

/** A disk that is full, at its floor, broken, read-only or over quota: it goes on by itself. */
export const STORAGE: Attack = { name: 'storage', title: 'full and broken disks under load', run }
