import { StartRefused } from '../start_refused.ts'
import { failure } from './failure.ts'
import type { Handle } from './observe.ts'

/** Seconds that a connection may be idle; longer than the keep-alive of usual clients' pools. */
const IDLE_SECONDS = 60

/** A server that listens. */
export interface Server {
  /** Address of the service, with the port that was really taken. */
  readonly url: string
  /** Refuses new connections, ends idle ones, and resolves when all requests are answered. */
  drain(): Promise<void>
  /** Cuts every connection that is left. */
  cut(): Promise<void>
}

function refusal(host: string, port: number, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new StartRefused(`port ${port} is in use: stop what listens there, or set another PORT`)
  }
  if (typeof code !== 'string') return error
  return new StartRefused(`cannot listen on ${host}:${port} (${code}): set another HOST or PORT`)
}

/** Without a usable Host, as HTTP/1.0 allows, Bun's URL is the bare path: gives it a host. */
function withAuthority(request: Request): Request {
  const { url } = request
  return url.startsWith('/') ? new Request(`http://localhost${url}`, request) : request
}

/**
 * Answers, and ends the connection where the body was left unread: it would keep the connection
 * from ever being idle, and drain() waiting.
 */
async function respond(received: Request, handle: Handle): Promise<Response> {
  const request = withAuthority(received)
  const response = await handle(request)
  if (!request.bodyUsed && request.body !== null) response.headers.set('connection', 'close')
  return response
}

/**
 * Listens, and hands every request to `handle`. The body limit is ours (see http/body.ts), so
 * Bun's own is lifted: it would answer without JSON, log line or request id. The port is never
 * shared with another process. Throws StartRefused when the address cannot be had.
 */
export function listen(handle: Handle, host: string, port: number): Server {
  try {
    const server = Bun.serve({
      hostname: host,
      port,
      reusePort: false,
      development: false,
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request) => respond(request, handle),
      error: (error) => failure(error),
    })
    return {
      url: server.url.href,
      drain: () => server.stop(),
      cut: () => server.stop(true),
    }
  } catch (error) {
    throw refusal(host, port, error)
  }
}
