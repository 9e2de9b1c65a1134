import type { Server } from './server.ts'

/** What a server says it has stored and answered. */
interface Ledger {
  readonly stored: number
  /** Counts by the `result` label; absent for a contestant without metrics. */
  readonly results: ReadonlyMap<string, number>
  /** Deliveries that were answered 200. */
  readonly answered: number
}

const RESULT = /^webhook_requests_total\{result="([a-z_]+)"\} ([0-9]+)$/gm
const ANSWERED = /^http_requests_total\{path="\/webhook",status="200"\} ([0-9]+)$/m

async function get(url: string): Promise<string> {
  const answer = await fetch(url)
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`)
  return answer.text()
}

async function readLedger({ url }: Server): Promise<Ledger> {
  const stats = JSON.parse(await get(`${url}/stats`)) as { total_messages: number }
  const metrics = await get(`${url}/metrics`)
  const results = [...metrics.matchAll(RESULT)].map(
    ([, name = '', n]) => [name, Number(n)] as const,
  )
  const answered = Number(ANSWERED.exec(metrics)?.[1] ?? Number.NaN)
  return { stored: stats.total_messages, results: new Map(results), answered }
}

/** What the load generator has seen of the same deliveries. */
export interface Witness {
  /** Answers of 200 that it has read. */
  readonly answers: number
  /** Requests that it may have sent without waiting for the answer. */
  readonly unread: number
  /** Rows that were there before this process of the server. */
  readonly before: number
}

/** Longest time for what is still on its way to be committed: looks, and milliseconds between. */
const SETTLING = { looks: 100, milliseconds: 20 }

/** The complaints of a check, once there are none or they stay. */
async function settled(check: () => Promise<string[]>): Promise<string[]> {
  let problems = await check()
  for (let look = 0; look < SETTLING.looks && problems.length > 0; look += 1) {
    await Bun.sleep(SETTLING.milliseconds)
    problems = await check()
  }
  return problems
}

async function compare(server: Server, witness: Witness): Promise<string[]> {
  const { stored, results, answered } = await readLedger(server)
  const { answers, unread, before } = witness
  const created = results.get('created')
  const problems = [...results]
    .filter(([name, count]) => name !== 'created' && count > 0)
    .map(([name, count]) => `${count} deliveries ended as ${name}`)
  if (created !== answered) problems.push(`${created} created, but ${answered} answered 200`)
  if (created !== undefined && stored !== before + created) {
    problems.push(`${stored} rows stored, but ${before + created} expected`)
  }
  if (answered < answers || answered > answers + unread) {
    problems.push(`${answered} answered 200, but the load generator has read ${answers}`)
  }
  return problems
}

/**
 * The books of ours against the generator's: every complaint as a line. No answer may be missing
 * in the metrics, no row in the store. What was under way when the load ended may still come in.
 */
export function audit(server: Server, witness: Witness): Promise<string[]> {
  return settled(() => compare(server, witness))
}

/** The same for the contestant that stores rows and has no metrics. */
export function auditRows({ url }: Server, { answers, unread }: Witness): Promise<string[]> {
  return settled(async () => {
    const { total_messages } = JSON.parse(await get(`${url}/stats`)) as { total_messages: number }
    if (total_messages >= answers && total_messages <= answers + unread) return []
    return [`${total_messages} rows stored, but the load generator has read ${answers} answers`]
  })
}
