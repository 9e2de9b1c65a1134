const two = (value: number) => String(value).padStart(2, '0')

/** A time as a field for local times takes it; empty when it is none. */
export function toField(ts: string): string {
  const time = new Date(ts)
  if (ts === '' || Number.isNaN(time.getTime())) return ''
  const date = [String(time.getFullYear()).padStart(4, '0'), two(time.getMonth() + 1)]
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  return `${[...date, two(time.getDate())].join('-')}T${clock}`
}

/** What such a field holds, in UTC; empty when it is none. */
export function fromField(value: string): string {
  const time = new Date(value)
  if (value === '' || Number.isNaN(time.getTime())) return ''
  return time.toISOString().replace('.000Z', 'Z')
}

/**
 * A time in the zone of whoever looks, as people of every country read it. Not by Intl, which takes
 * longer to load in a new tab than the messages take to come.
 */
export function localTime(ts: string): string {
  return toField(ts).replace('T', ' ') || ts
}
