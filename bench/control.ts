import { join } from 'node:path'
import { contestant } from './contestants.ts'
import type { Corpus } from './corpus.ts'
import type { Patience } from './patience.ts'
import { startServer } from './server.ts'
import { type Pace, runSteady } from './steady.ts'

/** How long the control takes, in seconds. */
const SECONDS = 10

/** What the control needs. */
export interface ControlOptions {
  readonly folder: string
  readonly corpus: Corpus
  readonly perSecond: number
  readonly patience: Patience
}

/**
 * The steady rate against the limit, which stores nothing: what is slow there is the machine or
 * the generator, and no figure of ours can be better.
 */
export async function runControl(options: ControlOptions): Promise<Pace> {
  const { folder, corpus, perSecond, patience } = options
  await patience.quiet()
  using server = await startServer(contestant('limit', join(folder, 'control.db')))
  const pace = await runSteady(server, { corpus, from: 0, count: perSecond * SECONDS, perSecond })
  await server.stop()
  return pace
}
