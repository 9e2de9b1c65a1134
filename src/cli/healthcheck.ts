import { explainAnswer, property, readAnswer } from './answer.ts'
import type { Io } from './io.ts'
import { explainNetworkFailure } from './network_failure.ts'

type HealthcheckArguments = { options: { url: string | undefined; timeout: number } }

/**
 * Asks the service whether it is ready, as a container's HEALTHCHECK does. Exit code 0 only for
 * a 200 that says `{"status":"ready"}`; otherwise one line on stderr says why, and 1.
 */
export async function healthcheck({ options }: HealthcheckArguments, io: Io): Promise<number> {
  const url = options.url ?? readinessUrl(io.env)
  const problem = await findProblem(url, options.timeout, io)
  if (problem === undefined) return 0
  io.stderr(`ackbox: ${url} is not ready: ${problem}\n`)
  return 1
}

/**
 * Where this environment's service answers. A service that listens on every address is asked on
 * the loopback one.
 */
export function readinessUrl(env: Io['env']): string {
  const host = env.HOST || '127.0.0.1'
  const port = env.PORT || '8000'
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}/health/ready`
  if (host === '::' || host === '[::]') return `http://[::1]:${port}/health/ready`
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  return `http://${name}:${port}/health/ready`
}

async function findProblem(url: string, seconds: number, io: Io): Promise<string | undefined> {
  if (!URL.canParse(url)) return 'this is no URL; check HOST and PORT, or --url'
  try {
    const signal = AbortSignal.timeout(seconds * 1000)
    const response = await io.fetch(url, { signal, redirect: 'manual' })
    const answer = await readAnswer(response)
    if (response.status === 200 && property(answer, 'status') === 'ready') return undefined
    const words = explainAnswer(answer) || 'without a reason'
    return response.status === 200 ? 'it answers something else' : `${response.status} ${words}`
  } catch (error) {
    return explainNetworkFailure(error)
  }
}
