import type { Server } from '../../bench/server.ts'
import { openWire } from '../wire.ts'
import { pack, sendable, wrap } from './parcel.ts'

/** Longest wait for handles and queue places to come back, in milliseconds. */
const BACK_MILLISECONDS = 20_000

const LOOK_MILLISECONDS = 10

/** Handles that may come by themselves, as of a thread that opens a file when it first must. */
const HANDLES_SPARE = 8

/** Large bodies that are asked for at once: one more than there is room for, at least. */
const LARGE_BODIES = 70

/** Looks, a tenth of a second apart, at as many handles, after which no thread is starting. */
const SAME_LOOKS = 10

/** What a process holds of what can leak. */
interface Holdings {
  /** Open file descriptors; NaN where the system does not tell. */
  readonly handles: number
  /** Messages that wait for their commit. */
  readonly queued: number
}

/** What the process says of itself. Throws where it does not answer. */
export async function holdingsOf({ url }: Server): Promise<Holdings> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const sampleOf = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  return {
    handles: sampleOf('process_open_fds'),
    queued: sampleOf('webhook_queue_depth_messages'),
  }
}

/**
 * What the process holds once each thread of its store has been started, which happens with the
 * first work for it. To be called after a delivery; ends when no handle more has come for a while.
 */
export async function holdingsAtWork(server: Server): Promise<Holdings> {
  for (const path of ['/messages?q=first', '/stats']) await (await fetch(server.url + path)).text()
  let latest = await holdingsOf(server)
  for (let same = 0; same < SAME_LOOKS; ) {
    await Bun.sleep(LOOK_MILLISECONDS * 10)
    const now = await holdingsOf(server)
    same = now.handles === latest.handles ? same + 1 : 0
    latest = now
  }
  return latest
}

/** Waits until no more is held than before; what is still held, a sentence each. */
export async function untilBack(server: Server, before: Holdings): Promise<string[]> {
  const end = performance.now() + BACK_MILLISECONDS
  for (;;) {
    const { handles, queued } = await holdingsOf(server)
    const leaked = handles - before.handles
    if (!(leaked > HANDLES_SPARE) && queued === 0) return []
    if (performance.now() > end) {
      return [
        ...(leaked > HANDLES_SPARE ? [`${leaked} handles are not given back`] : []),
        ...(queued > 0 ? [`${queued} places in the queue are not given back`] : []),
      ]
    }
    await Bun.sleep(LOOK_MILLISECONDS)
  }
}

/** Two questions and answers: what was sent before them has been seen. */
export async function settle({ port }: Server): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    using wire = await openWire(port)
    wire.send(wrap(['GET /health/live HTTP/1.1', 'Host: a']))
    await wire.answer()
  }
}

/** Sends one honest delivery and gives the status, 0 without an answer. */
export async function deliver({ port }: Server, id: string): Promise<number> {
  using wire = await openWire(port)
  wire.send(sendable(pack(id)))
  return (await wire.answer())?.status ?? 0
}

/** Whether a message is there. */
export async function isStored({ url }: Server, id: string): Promise<boolean> {
  const { status } = await fetch(`${url}/messages/${id}`)
  if (status !== 200 && status !== 404) throw new Error(`GET /messages/${id} answers ${status}`)
  return status === 200
}

/** The head and the first byte of a body of 1 MiB whose rest does not come. */
export function largeHead(): Buffer {
  return wrap(['POST /webhook HTTP/1.1', 'Host: a', 'Content-Length: 1048576'], '{')
}

/** How many such bodies the process is willing to read at a time. */
export async function roomForLarge(server: Server): Promise<number> {
  const wires = await Promise.all(Array.from({ length: LARGE_BODIES }, () => openWire(server.port)))
  let refused = 0
  for (const wire of wires) {
    wire.send(largeHead())
    wire.answer().then(
      (answer) => {
        if (answer?.status === 503) refused += 1
      },
      () => {},
    )
  }
  await settle(server)
  for (const wire of wires) wire.reset()
  return LARGE_BODIES - refused
}
