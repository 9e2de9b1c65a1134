import { Committer } from '../../src/intake/committer.ts'
import { arrival } from '../support/messages.ts'
import { holdAppends } from './held_append.ts'

type CommitterOptions = ConstructorParameters<typeof Committer>[0]

/** A committer over an `append` that the test answers. */
export function setUp(changes: Partial<CommitterOptions> = {}) {
  const held = holdAppends()
  const commits: [messages: number, seconds: number][] = []
  const failures: [messages: number, error: unknown][] = []
  let milliseconds = 0
  const committer = new Committer({
    append: held.append,
    queueMessagesMax: 100,
    batchMessagesMax: 10,
    batchLengthMax: 1_000_000,
    now: () => milliseconds,
    endOfTurn: (work) => setImmediate(work),
    onFailure: (...failure) => failures.push(failure),
    onCommit: ({ messages, seconds }) => commits.push([messages, seconds]),
    ...changes,
  })
  const commit = (id: string) => committer.commit(arrival({ message_id: id }))
  const pass = (passed: number) => {
    milliseconds += passed
  }
  return { ...held, committer, commit, commits, failures, pass }
}

const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Lets everything run that waits for no answer of the test: a hand-on is one turn later. */
export async function settled(): Promise<void> {
  await endOfTurn()
  await endOfTurn()
}

/** Ids m<from> to m<to>. */
export const ids = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `m${from + n}`)
