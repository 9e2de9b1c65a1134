import type { Failure, Score } from './range.ts'

/** Bytes of a failing request that are shown. */
const SHOWN_BYTES = 2000

/** How to send one request again, and what it was. */
function renderFailure({ shot, problems }: Failure, seed: number): string {
  const bytes = JSON.stringify(shot.bytes.toString('latin1', 0, SHOWN_BYTES))
  const again = `make fuzz SEED=${seed} FROM=${shot.number} REQUESTS=1`
  return `request ${shot.number}: ${problems.join('; ')}\n  again: ${again}\n  bytes: ${bytes}`
}

/** Everything that is wrong, each request so that it can be sent again. */
export function renderProblems(score: Score, seed: number): string[] {
  const { failures, problems, lost, doubled } = score
  return [
    ...failures.map((failure) => renderFailure(failure, seed)),
    ...problems,
    ...(lost > 0 ? [`${lost} messages that were answered 200 are lost`] : []),
    ...(doubled > 0 ? [`${doubled} messages are there twice`] : []),
  ]
}

/** How many answers had each status, in a line. */
export function renderStatuses({ statuses }: Score): string {
  const counts = Object.entries(statuses).map(([status, count]) => {
    return `${count.toLocaleString('en-US')} ${status === 'none' ? 'without an answer' : status}`
  })
  return `answers: ${counts.join(', ')}`
}
