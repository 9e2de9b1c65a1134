import { Rejection } from '../outcome.ts'
import type { BodyBudget } from './body_budget.ts'

/** The bounds of a body. */
export interface BodyLimits {
  /** Largest body, in bytes. */
  readonly bodyBytesMax: number
  /** The memory that large bodies share. */
  readonly bodyBudget: BodyBudget
}

/** Reads a body of unknown length, and stops as soon as it is too large. */
async function readStream(
  stream: ReadableStream<Uint8Array>,
  { bodyBytesMax, bodyBudget }: BodyLimits,
): Promise<Uint8Array | Rejection> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      const grown = size + chunk.length
      // Leaving the loop cancels the stream: the rest is never held in memory.
      if (grown > bodyBytesMax) return new Rejection('body_too_large')
      if (!bodyBudget.take(size, grown)) return new Rejection('bodies_full')
      size = grown
      chunks.push(chunk)
    }
    return Buffer.concat(chunks, size)
  } finally {
    bodyBudget.giveBack(size)
  }
}

/** Reads a body whose length is declared. */
async function readDeclared(
  request: Request,
  size: number,
  { bodyBytesMax, bodyBudget }: BodyLimits,
): Promise<Uint8Array | Rejection> {
  if (size > bodyBytesMax) return new Rejection('body_too_large')
  if (!bodyBudget.take(0, size)) return new Rejection('bodies_full')
  try {
    return await request.bytes()
  } finally {
    bodyBudget.giveBack(size)
  }
}

/**
 * Reads a request's body as the bytes that came, within its limits. A declared length is refused
 * before anything is read; a chunked body is counted while it is read. Rejects with an AbortError
 * when the client goes away.
 */
export function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array | Rejection> {
  const declared = request.headers.get('content-length')
  if (declared !== null && !request.headers.has('transfer-encoding')) {
    return readDeclared(request, Number(declared), limits)
  }
  const { body } = request
  return body === null ? Promise.resolve(new Uint8Array()) : readStream(body, limits)
}
