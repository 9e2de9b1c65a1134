/** A longer line is refused unread: twice what the service takes by default, 256 of them fit. */
export const LINE_BYTES_MAX = 2_097_152

const NEWLINE = 10

/**
 * A line of the input without its newline: its bytes as they stand, or undefined when it was
 * longer than the limit. `number` counts from 1, blank lines too; `end` is the offset after it.
 */
export type Line = { bytes: Uint8Array | undefined; number?: number; end: number }

/**
 * Yields the lines of a byte stream, without the blank ones, holding one line at most. The last
 * needs no newline. Aborting `stop` ends a read that is under way. Throws what the stream throws.
 */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
  stop: AbortSignal,
  bytesMax = LINE_BYTES_MAX,
): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = []
  let length = 0
  let number = 0
  let end = 0
  const take = (newlineBytes: number): Line => {
    number += 1
    end += length + newlineBytes
    const bytes = length > bytesMax ? undefined : join(pieces)
    pieces = []
    length = 0
    return { bytes, number, end }
  }
  for await (const chunk of readChunks(stream, stop)) {
    let start = 0
    while (start <= chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start)
      const piece = chunk.subarray(start, newline === -1 ? chunk.length : newline)
      length += piece.length
      if (length > bytesMax) pieces = []
      else if (piece.length > 0) pieces.push(piece)
      if (newline === -1) break
      start = newline + 1
      const line = take(1)
      if (!isBlank(line)) yield line
    }
  }
  const last = take(0)
  if (!isBlank(last)) yield last
}

async function* readChunks(
  stream: ReadableStream<Uint8Array>,
  stop: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  const cancel = () => void reader.cancel().catch(() => undefined)
  stop.addEventListener('abort', cancel)
  try {
    while (!stop.aborted) {
      const { done, value } = await reader.read()
      if (done || value === undefined) return
      yield value
    }
  } finally {
    stop.removeEventListener('abort', cancel)
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
}

/** Spaces, tabs and the carriage return of a Windows line end. */
function isBlank({ bytes }: Line): boolean {
  return bytes?.every((byte) => byte === 32 || byte === 9 || byte === 13) ?? false
}
