import { join } from 'node:path'
import { type Server, startServer } from '../bench/server.ts'
import type { Attack, Context, Tally } from './attack.ts'
import { leakyCompare, ownCompare } from './timing/compare.ts'
import { type Forgery, makeForgeries } from './timing/forgery.ts'
import { compareLots, type Finding, type Subject, takeSamples } from './timing/sampling.ts'
import { openWire } from './wire.ts'

/**
 * Above this |t| the lots differ: by chance alone that happens once in some 100,000 comparisons
 * (Goodwill et al. 2011, who test cryptographic hardware so; dudect takes the same).
 */
const LEAK_T = 4.5

/** Samples in a round: of requests to the process, and of blocks of the compare alone. */
const REQUESTS_PER_ROUND = 400
const BLOCKS_PER_ROUND = 4000

/** Blocks that are timed of the leaky compare: it must be found out by few. */
const CONTROL_BLOCKS = 40_000

/** Asks the process with a wrong signature, and waits for its refusal. */
async function openRefusals({ port }: Server, forgeries: readonly Forgery[]) {
  const wire = await openWire(port)
  const requests = forgeries.map(({ body, signatures }) =>
    signatures.map((signature) => {
      const head = `POST /webhook HTTP/1.1\r\nHost: a\r\nX-Signature: ${signature}\r\n`
      return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body])
    }),
  )
  const subject: Subject = async (forgery, lot) => {
    wire.send(requests[forgery]?.[lot] ?? Buffer.alloc(0))
    const answer = await wire.answer()
    if (answer?.status !== 401) throw new Error(`a wrong signature is answered ${answer?.status}`)
  }
  return { subject, close: () => wire[Symbol.dispose]() }
}

const worst = (findings: readonly Finding[]) =>
  findings.reduce((far, each) => (Math.abs(each.t) > Math.abs(far.t) ? each : far))

/** What was found, in words. */
function describe(what: string, findings: readonly Finding[]): string {
  const { rightCharacters, t, mean, margin } = worst(findings)
  const size = `${mean.toFixed(0)} ns, give or take ${margin.toFixed(0)}`
  return `${what}: |t| is ${Math.abs(t).toFixed(1)} at most, ${rightCharacters} characters, ${size}`
}

const leaks = (findings: readonly Finding[]) => Math.abs(worst(findings).t) > LEAK_T

async function timeProcess(context: Context, forgeries: readonly Forgery[]): Promise<Finding[]> {
  const { rounds, chance } = context
  using server = await startServer(context.program(join(context.folder, 'app.db')))
  const { subject, close } = await openRefusals(server, forgeries)
  const count = rounds * REQUESTS_PER_ROUND
  const lots = await takeSamples(subject, { count, forgeries, chance })
  close()
  await server.stop()
  return compareLots(lots)
}

async function run(context: Context): Promise<Tally> {
  const { rounds, chance } = context
  const forgeries = makeForgeries()
  const time = async (subject: Subject, count: number) =>
    compareLots(await takeSamples(subject, { count, forgeries, chance }))
  const inProcess = await timeProcess(context, forgeries)
  const own = await time(ownCompare(forgeries), rounds * BLOCKS_PER_ROUND)
  const control = await time(leakyCompare(forgeries), CONTROL_BLOCKS)
  const problems = [
    ...(leaks(inProcess) ? [describe('the process tells by its time', inProcess)] : []),
    ...(leaks(own) ? [describe('the compare tells by its time', own)] : []),
    ...(leaks(control) ? [] : [describe('a leaky compare is not told from ours', control)]),
  ]
  const notes = [
    describe('refusals of the process', inProcess),
    describe('16 refusals of the compare alone', own),
    describe('16 refusals of a compare that leaks', control),
  ]
  return { rounds, acknowledged: 0, lost: 0, doubled: 0, problems, notes }
}

/** Wrong signatures whose first characters are right, more or fewer of them. */
export const TIMING: Attack = { name: 'timing', title: 'wrong signatures, nearly right', run }
