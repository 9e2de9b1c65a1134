import { Rejection } from '../outcome.ts'

/** Reads a body of unknown length, and stops as soon as it is too large. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  bytesMax: number,
): Promise<Uint8Array | Rejection> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    // Leaving the loop cancels the stream: the rest is never held in memory.
    if (size > bytesMax) return new Rejection('body_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/**
 * Reads a request's body as the bytes that came, at most `bytesMax` of them. A declared length
 * is refused before anything is read; a chunked body is counted while it is read. Rejects with
 * an AbortError when the client goes away.
 */
export async function readBody(
  request: Request,
  bytesMax: number,
): Promise<Uint8Array | Rejection> {
  const declared = request.headers.get('content-length')
  if (declared !== null && !request.headers.has('transfer-encoding')) {
    return Number(declared) > bytesMax ? new Rejection('body_too_large') : request.bytes()
  }
  return request.body === null ? new Uint8Array() : readStream(request.body, bytesMax)
}
