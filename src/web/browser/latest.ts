/**
 * Tells the latest of several questions: each call is one, and returns a check whether another one
 * has been asked since, so that its answer is no longer wanted.
 */
export function openLatest(): () => () => boolean {
  let asked = 0
  return () => {
    asked += 1
    const number = asked
    return () => number !== asked
  }
}
