import { quantile } from '../quantile.ts'

/** What timing requests one after another gave, in milliseconds. */
export interface Timing {
  readonly requests: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Requests without a 200, by their status; `late` where the client gave up. */
  readonly failures: Readonly<Record<string, number>>
}

/** One answer: how long it took to the last byte, its status, and the `Link` to go on with. */
interface Answer {
  readonly milliseconds: number
  readonly status: string
  readonly next: string | undefined
}

/** Bounds of one measurement. */
export interface Patience {
  /** The client gives up on a request after so many milliseconds. */
  readonly requestMilliseconds: number
  /** No further request is sent after so many milliseconds. */
  readonly totalMilliseconds: number
}

/** Sends one request on the kept-alive connection and reads the whole answer. */
export async function ask(url: string, milliseconds: number): Promise<Answer> {
  const startedAt = performance.now()
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(milliseconds) })
    await answer.arrayBuffer()
    const link = answer.headers.get('link')
    return {
      milliseconds: performance.now() - startedAt,
      status: String(answer.status),
      next: /^<([^>]+)>/.exec(link ?? '')?.[1],
    }
  } catch {
    return { milliseconds: performance.now() - startedAt, status: 'late', next: undefined }
  }
}

/** Sums up answers; the times of those without a 200 count as well. */
export function sumUp(answers: readonly Answer[]): Timing {
  const times = answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b)
  const failures: Record<string, number> = {}
  for (const { status } of answers) {
    if (status !== '200') failures[status] = (failures[status] ?? 0) + 1
  }
  return {
    requests: times.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    max: times.at(-1) ?? Number.NaN,
    failures,
  }
}

/** Times each path in turn, one at a time, until they end, the time does, or one is too late. */
export async function timeAll(
  url: string,
  paths: readonly string[],
  { requestMilliseconds, totalMilliseconds }: Patience,
): Promise<Timing> {
  const answers: Answer[] = []
  const end = performance.now() + totalMilliseconds
  for (const path of paths) {
    const answer = await ask(url + path, requestMilliseconds)
    answers.push(answer)
    if (answer.status === 'late' || performance.now() > end) break
  }
  return sumUp(answers)
}
