const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)$/

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysInMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return leap ? 29 : (DAYS[month - 1] ?? 0)
}

/** Minutes east of UTC, or undefined for an hour over 23 or a minute over 59. */
function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function read(text: string): { milliseconds: number; microseconds: number } | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = match
  const dayMax = daysInMonth(Number(year), Number(month))
  if (year === '0000' || Number(day) < 1 || Number(day) > dayMax) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const east = offsetMinutes(zone)
  if (east === undefined) return undefined
  const local = Date.parse(`${text.slice(0, 19)}Z`)
  return { milliseconds: local - east * 60_000, microseconds: Number(fraction.padEnd(6, '0')) }
}

/**
 * Reads `YYYY-MM-DDTHH:MM:SS[.1 to 6 digits]` followed by `Z` or, for queries, `+HH:MM` or
 * `-HH:MM` (ISO 8601 extended format; the contract's rule). Returns microseconds since the Unix
 * epoch, as a bigint because year 9999 exceeds 2^53 of them. Undefined for anything that is not
 * a real calendar date and time: 30 February, hour 24, second 60, year 0000.
 */
export function parseInstant(text: string): bigint | undefined {
  const parts = read(text)
  if (parts === undefined) return undefined
  return BigInt(parts.milliseconds) * 1000n + BigInt(parts.microseconds)
}

/** Whether text is an instant written in UTC with a `Z`, the only form a message's `ts` takes. */
export function isUtcInstant(text: string): boolean {
  return text.endsWith('Z') && read(text) !== undefined
}
