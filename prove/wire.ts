/** Longest wait for an answer or an end, in milliseconds; only what is broken takes it. */
const DEADLINE_MILLISECONDS = 20_000

const HEAD_END = Buffer.from('\r\n\r\n')

/** One answer as it came. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** A socket that sends any bytes at all, for what no HTTP client would send. */
export interface Wire extends Disposable {
  readonly send: (bytes: Uint8Array) => void
  /**
   * The next answer, with `head` one without a body; undefined where the peer ends the connection
   * before it is whole. Throws where neither happens in time.
   */
  readonly answer: (head?: boolean) => Promise<Answer | undefined>
  /** Says that nothing more will be sent, and goes on reading. */
  readonly finish: () => void
  /** Stops reading, so that answers stay in the peer's hands. */
  readonly stopReading: () => void
  /** Goes away at once, with a reset in place of a farewell. */
  readonly reset: () => void
  /** Whether the peer has ended the connection. */
  readonly isEnded: () => boolean
  /** Resolves when the connection has ended. Throws where it does not in time. */
  readonly ended: () => Promise<void>
}

function readHead(text: string): { status: number; headers: Record<string, string> } {
  const [first = '', ...lines] = text.split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { status: Number(first.slice(9, 12)), headers }
}

/** Whether an answer with this status announces another and has no body of its own. */
const isInterim = (status: number) => status >= 100 && status < 200

/** Takes an answer off the front of the bytes; undefined while it is not whole. */
function takeAnswer(bytes: Buffer, head: boolean): { answer: Answer; rest: Buffer } | undefined {
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return undefined
  const { status, headers } = readHead(bytes.toString('latin1', 0, end))
  const from = end + HEAD_END.length
  if (isInterim(status)) return takeAnswer(bytes.subarray(from), head)
  const to = from + (head ? 0 : Number(headers['content-length'] ?? 0))
  if (bytes.length < to) return undefined
  return { answer: { status, headers, body: bytes.subarray(from, to) }, rest: bytes.subarray(to) }
}

/** Resolves as the promise does; throws, naming what was waited for, when that takes too long. */
async function inTime<T>(what: string, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new Error(`waited ${DEADLINE_MILLISECONDS} ms in vain for ${what}`)),
    DEADLINE_MILLISECONDS,
  )
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** Both ends of what a socket has received and has still to send. */
class Buffers {
  received: Buffer = Buffer.alloc(0)
  #unsent: Buffer = Buffer.alloc(0)
  #wake = Promise.withResolvers<void>()
  isEnded = false

  take(chunk: Buffer): void {
    // The chunk is the socket's own, and used again after this call.
    this.received = Buffer.concat([this.received, chunk])
    this.#wake.resolve()
  }

  end(): void {
    this.isEnded = true
    this.#wake.resolve()
  }

  /** Resolves at the next change. */
  change(): Promise<void> {
    this.#wake = Promise.withResolvers()
    return this.#wake.promise
  }

  /** Sends what it can, and keeps the rest for the next time. */
  flush(socket: Bun.Socket, bytes: Uint8Array = new Uint8Array()): void {
    const all = this.#unsent.length > 0 ? Buffer.concat([this.#unsent, bytes]) : bytes
    const sent = all.length > 0 ? Math.max(0, socket.write(all)) : 0
    this.#unsent = Buffer.from(all.subarray(sent))
  }
}

const connect = (port: number, buffers: Buffers) =>
  Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      data: (_socket, chunk) => buffers.take(chunk),
      drain: (socket) => buffers.flush(socket),
      end: () => buffers.end(),
      close: () => buffers.end(),
      error: () => buffers.end(),
    },
  })

async function nextAnswer(buffers: Buffers, head: boolean): Promise<Answer | undefined> {
  for (;;) {
    const taken = takeAnswer(buffers.received, head)
    if (taken !== undefined) {
      buffers.received = taken.rest
      return taken.answer
    }
    if (buffers.isEnded) return undefined
    await buffers.change()
  }
}

async function untilEnded(buffers: Buffers): Promise<void> {
  while (!buffers.isEnded) await buffers.change()
}

/** Connects to a port of this machine. */
export async function openWire(port: number): Promise<Wire> {
  const buffers = new Buffers()
  const socket = await connect(port, buffers)
  return {
    send: (bytes) => buffers.flush(socket, bytes),
    answer: (head = false) => inTime('an answer', nextAnswer(buffers, head)),
    finish: () => void socket.shutdown(),
    stopReading: () => void socket.pause(),
    reset: () => void socket.terminate(),
    isEnded: () => buffers.isEnded,
    ended: () => inTime('the end of a connection', untilEnded(buffers)),
    [Symbol.dispose]: () => void socket.end(),
  }
}
