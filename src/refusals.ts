import type { Fault, Rejection } from './outcome.ts'
import type { SchemeName } from './scheme.ts'

/** Refused deliveries that are remembered; older ones make room. */
export const REFUSALS_MAX = 1000

/** Bytes of bodies that are hashed within one second: a flood of large ones is not worth more. */
const HASHED_BYTES_MAX = 16 * 1024 * 1024

/** Bytes that are kept of one body, where bodies are kept at all. */
const KEPT_BYTES_MAX = 65_536

/** A delivery at the moment it is refused. */
interface Refused {
  readonly path: string
  readonly rejection: Rejection
  /** The scheme that signed it, or whose header it has. */
  readonly scheme: SchemeName | undefined
  /** Undefined for one that was not read, being too large. */
  readonly body: Uint8Array | undefined
  readonly headers: Headers
  readonly remoteAddress: string | undefined
}

/** What is remembered of a refused delivery, as GET /refusals shows it. */
interface Refusal {
  /** When it was refused (ISO 8601). */
  readonly ts: string
  readonly path: string
  readonly reason: Rejection['result']
  /** The fields at fault, for `validation_error`. */
  readonly faults: readonly Fault[]
  readonly scheme: SchemeName | null
  /** Null for a body that was not read. */
  readonly body_bytes: number | null
  /** Null for a body that was not read, or during a flood of large ones. */
  readonly body_sha256: string | null
  /** The body's first bytes, only where REFUSED_BODIES is on. */
  readonly body_base64: string | null
  readonly header_names: readonly string[]
  readonly remote_address: string | null
}

/** How refusals are recorded. */
interface RefusalsOptions {
  /** Wall-clock time in milliseconds since the Unix epoch. */
  readonly clock: () => number
  /** Whether bodies are kept. */
  readonly keepsBodies: boolean
}

/** Remembers the latest refusals, in memory alone. */
export class Refusals {
  readonly #options: RefusalsOptions
  readonly #ring: Refusal[] = []
  #next = 0
  #second = 0
  #hashedBytes = 0

  constructor(options: RefusalsOptions) {
    this.#options = options
  }

  /** Remembers one. Its cost has a bound, whatever the delivery is. */
  add({ path, rejection, scheme, body, headers, remoteAddress }: Refused): void {
    const time = this.#options.clock()
    const hashed = body !== undefined && this.#mayHash(body.length, time)
    const kept = this.#options.keepsBodies ? body?.subarray(0, KEPT_BYTES_MAX) : undefined
    this.#ring[this.#next] = {
      ts: new Date(time).toISOString(),
      path,
      reason: rejection.result,
      faults: rejection.faults,
      scheme: scheme ?? null,
      body_bytes: body?.length ?? null,
      body_sha256: hashed ? new Bun.CryptoHasher('sha256').update(body).digest('hex') : null,
      body_base64: kept === undefined ? null : Buffer.from(kept).toString('base64'),
      header_names: [...headers.keys()],
      remote_address: remoteAddress ?? null,
    }
    this.#next = (this.#next + 1) % REFUSALS_MAX
  }

  /** All that are remembered, the latest first. */
  list(): readonly Refusal[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)].reverse()
  }

  #mayHash(bytes: number, time: number): boolean {
    const second = Math.floor(time / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#hashedBytes = 0
    }
    this.#hashedBytes += bytes
    return this.#hashedBytes <= HASHED_BYTES_MAX
  }
}
