/** The spans of UTC that rows are counted by; each is a table of that name. */
export type Bucket = 'days' | 'hours'

const HOUR_MICROSECONDS = 3_600_000_000n

/** Width of each bucket, in microseconds. */
const WIDTH = { days: 24n * HOUR_MICROSECONDS, hours: HOUR_MICROSECONDS } as const

/** The bucket that holds an instant, by its number since the epoch; before 1970 it is negative. */
export function bucketOf(instant: bigint, bucket: Bucket): bigint {
  const number = instant / WIDTH[bucket]
  // Division of bigints cuts towards zero; a bucket starts at or before the instant.
  return number * WIDTH[bucket] > instant ? number - 1n : number
}

/** The first instant of a bucket, in microseconds since the epoch. */
export function startOf(number: bigint, bucket: Bucket): bigint {
  return number * WIDTH[bucket]
}
