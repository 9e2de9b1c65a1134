import { writeFileSync } from 'node:fs'
import { freePort } from '../../bench/port.ts'
import { inTime, until } from '../support/deadline.ts'
import type { Folder } from '../support/folder.ts'

/** One series of an answer, with its value now. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [time: number, text: string]
}

/** A running Prometheus; `await using` ends it. */
export interface Prometheus extends AsyncDisposable {
  /** Asks its API and resolves to the `data` of the answer; throws what it complains of. */
  readonly ask: (path: string) => Promise<unknown>
  /** The series that an expression gives now. */
  readonly query: (expression: string) => Promise<readonly Series[]>
}

interface Answer {
  readonly status: string
  readonly error?: string
  readonly data?: unknown
}

/** Starts Prometheus on a configuration, with its data in the folder; resolves when it is ready. */
export async function startPrometheus(
  program: string,
  config: string,
  folder: Folder,
): Promise<Prometheus> {
  const address = `127.0.0.1:${freePort()}`
  writeFileSync(folder.file('prometheus.yml'), config)
  const args = [
    `--config.file=${folder.file('prometheus.yml')}`,
    `--storage.tsdb.path=${folder.file('data')}`,
    `--web.listen-address=${address}`,
  ]
  const child = Bun.spawn([program, ...args], { stdout: 'ignore', stderr: 'pipe' })
  const complaints = child.stderr.text()
  const get = (path: string) => fetch(`http://${address}${path}`).catch(() => undefined)
  const stop = async () => {
    child.kill('SIGKILL')
    await inTime('Prometheus ends', child.exited)
  }
  const ready = async () => {
    if (child.exitCode !== null) throw new Error(`Prometheus ended: ${await complaints}`)
    return (await get('/-/ready'))?.ok
  }
  await until('Prometheus is ready', ready).catch(async (error) => {
    await stop()
    throw error
  })
  const ask = async (path: string) => {
    const answer = (await (await get(path))?.json()) as Answer | undefined
    if (answer?.status !== 'success') throw new Error(`${path}: ${answer?.error}`)
    return answer.data
  }
  return {
    ask,
    query: async (expression) => {
      const data = await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`)
      return (data as { result: Series[] }).result
    },
    [Symbol.asyncDispose]: stop,
  }
}
