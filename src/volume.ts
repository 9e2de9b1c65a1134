import type { Fault } from './outcome.ts'
import { Parameters } from './parameters.ts'

/** The spans of UTC that GET /stats/volume counts by. */
export const BUCKETS = ['minute', 'hour', 'day'] as const

/** One of these spans. */
type Bucket = (typeof BUCKETS)[number]

/** Most buckets that one answer covers: as many as a plot on a wide screen shows. */
export const VOLUME_BUCKETS_MAX = 1000

const MINUTE_MICROSECONDS = 60_000_000n

/** Width of each bucket, in microseconds. */
export const BUCKET_MICROSECONDS = {
  minute: MINUTE_MICROSECONDS,
  hour: 60n * MINUTE_MICROSECONDS,
  day: 24n * 60n * MINUTE_MICROSECONDS,
} as const satisfies Record<Bucket, bigint>

/** Which messages to count by which span. Instants are microseconds since the Unix epoch. */
export interface VolumeQuery {
  readonly bucket: Bucket
  /** Exact sender. */
  readonly from?: string
  /** The buckets start with the one that holds this instant. */
  readonly since?: bigint
  /** The buckets end before the first that starts at this instant or later. */
  readonly until?: bigint
}

/** A bucket that is not empty. */
export interface VolumeCount {
  /** Its number since the Unix epoch; negative before 1970. */
  readonly number: number
  readonly count: number
}

/** Buckets by their numbers: from `first` on, before `end`. */
interface BucketWindow {
  readonly first: bigint
  readonly end: bigint
}

/** Division of bigints cuts towards zero; a bucket starts at or before the instant. */
function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return quotient * divisor > dividend ? quotient - 1n : quotient
}

/**
 * The buckets that a query is about. Where one end is open the window is as long as it may be;
 * where both are it ends with the `latest` instant there is, and is empty without one.
 */
export function bucketWindow(query: VolumeQuery, latest: bigint | undefined): BucketWindow {
  const width = BUCKET_MICROSECONDS[query.bucket]
  const max = BigInt(VOLUME_BUCKETS_MAX)
  const first = query.since === undefined ? undefined : floorDivide(query.since, width)
  const end = query.until === undefined ? undefined : -floorDivide(-query.until, width)
  if (first !== undefined) return { first, end: end ?? first + max }
  if (end !== undefined) return { first: end - max, end }
  if (latest === undefined) return { first: 0n, end: 0n }
  const last = floorDivide(latest, width) + 1n
  return { first: last - max, end: last }
}

/** The start of a bucket as ISO 8601 in UTC. */
export function bucketStart(bucket: Bucket, number: number): string {
  const milliseconds = (BigInt(number) * BUCKET_MICROSECONDS[bucket]) / 1000n
  return new Date(Number(milliseconds)).toISOString().replace('.000Z', 'Z')
}

/** Reads the query of GET /stats/volume. Returns the faults when a parameter breaks its rule. */
export function parseVolumeQuery(values: URLSearchParams): VolumeQuery | readonly Fault[] {
  const parameters = new Parameters(values)
  const asked = parameters.choice('bucket', BUCKETS)
  const bucket = BUCKETS.find((name) => name === asked) ?? 'hour'
  const query = {
    bucket,
    ...parameters.present('from', parameters.number('from')),
    ...parameters.present('since', parameters.instant('since')),
    ...parameters.present('until', parameters.instant('until')),
  }
  const { first, end } = bucketWindow(query, undefined)
  if (parameters.faults.length === 0 && end - first > VOLUME_BUCKETS_MAX) {
    const msg = `must leave at most ${VOLUME_BUCKETS_MAX} buckets after since`
    parameters.fault('window_too_long', 'until', msg)
  }
  return parameters.faults.length > 0 ? parameters.faults : query
}
