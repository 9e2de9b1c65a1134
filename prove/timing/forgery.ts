import { createHmac } from 'node:crypto'
import { SECRET } from '../../bench/contestants.ts'

/** How many leading characters of a signature of 64 are right; the one behind them is not. */
export const RIGHT_CHARACTERS = [0, 8, 32, 63] as const

/** The bodies that are signed; many, so that no signature is known to a cache. */
const BODIES = 256

/** A body with one signature for each of RIGHT_CHARACTERS, all of them wrong by one character. */
export interface Forgery {
  readonly body: Uint8Array
  readonly signatures: readonly string[]
}

/** Replaces one hex digit by another. */
function spoil(hex: string, at: number): string {
  const digit = Number(`0x${hex[at]}`)
  return hex.slice(0, at) + ((digit + 7) % 16).toString(16) + hex.slice(at + 1)
}

/** Makes the forgeries. But for the wrong character's place the signatures of a body are alike. */
export function makeForgeries(): Forgery[] {
  return Array.from({ length: BODIES }, (_, number) => {
    const body = Buffer.from(JSON.stringify({ message_id: `timing-${number}`, text: 'x' }))
    const hex = createHmac('sha256', SECRET).update(body).digest('hex')
    return { body, signatures: RIGHT_CHARACTERS.map((at) => spoil(hex, at)) }
  })
}
