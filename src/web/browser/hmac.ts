/**
 * HMAC-SHA256 (RFC 2104, FIPS 180-4). The browser's own is there only for pages over TLS or from
 * localhost, and a page that signs has to do so wherever ackbox is tried out.
 */

const BLOCK_BYTES = 64

const isPrime = (n: number) => {
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false
  return true
}

const primes = (count: number) => {
  const found: number[] = []
  for (let n = 2; found.length < count; n += 1) if (isPrime(n)) found.push(n)
  return found
}

/** The first 32 bits of the fraction of a root: how the standard makes its constants. */
const fraction = (root: number) => ((root - Math.floor(root)) * 2 ** 32) | 0

/** The standard's constants: of square roots for the start, of cube roots for the rounds. */
const START = primes(8).map((prime) => fraction(Math.sqrt(prime)))
const ROUNDS = primes(64).map((prime) => fraction(Math.cbrt(prime)))

const rotate = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits))

const at = (words: ArrayLike<number>, index: number) => words[index] ?? 0

/** The message schedule of one block: its 16 words and 48 made of them. */
function scheduleOf(view: DataView, offset: number): Int32Array {
  const words = new Int32Array(64)
  for (let t = 0; t < 16; t += 1) words[t] = view.getInt32(offset + t * 4)
  for (let t = 16; t < 64; t += 1) {
    const w15 = at(words, t - 15)
    const w2 = at(words, t - 2)
    const s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)
    const s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10)
    words[t] = at(words, t - 16) + s0 + at(words, t - 7) + s1
  }
  return words
}

/** One block into the state; sums wrap at 32 bits. */
function compress(state: Int32Array, words: Int32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let t = 0; t < 64; t += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(ROUNDS, t) + at(words, t)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0]
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) {
    state[index] = at(state, index) + word
  }
}

/** The message, a one bit, zeros, and its length in bits, to whole blocks. */
function pad(bytes: Uint8Array): DataView {
  const size = Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES
  const padded = new Uint8Array(size)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n)
  return view
}

function sha256(bytes: Uint8Array): Uint8Array {
  const state = Int32Array.from(START)
  const view = pad(bytes)
  for (let offset = 0; offset < view.byteLength; offset += BLOCK_BYTES) {
    compress(state, scheduleOf(view, offset))
  }
  const digest = new DataView(new ArrayBuffer(32))
  for (const [index, word] of state.entries()) digest.setInt32(index * 4, word)
  return new Uint8Array(digest.buffer)
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}

/** The HMAC-SHA256 of a text's UTF-8 bytes under a secret's, in lower-case hex. */
export function hmacHex(secret: string, text: string): string {
  const encoder = new TextEncoder()
  const given = encoder.encode(secret)
  const key = new Uint8Array(BLOCK_BYTES)
  key.set(given.length > BLOCK_BYTES ? sha256(given) : given)
  const inner = sha256(
    join(
      key.map((byte) => byte ^ 0x36),
      encoder.encode(text),
    ),
  )
  const outer = sha256(
    join(
      key.map((byte) => byte ^ 0x5c),
      inner,
    ),
  )
  return Array.from(outer, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
