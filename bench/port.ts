/**
 * Below the ports that Linux gives to who asks for any (ip(7), ip_local_port_range), so that
 * it gives none of these to anybody between its choice and its use.
 */
const PORTS = { first: 20_000, end: 32_768 }

/** How many ports are tried: where so many are taken something else is wrong. */
const TRIES = 100

function isFree(port: number): boolean {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data: () => {} } }).stop(true)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false
    throw error
  }
}

/** A port of this machine that is free, for a server that starts soon. */
export function freePort(): number {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = PORTS.first + Math.floor(Math.random() * (PORTS.end - PORTS.first))
    if (isFree(port)) return port
  }
  throw new Error(`none of ${TRIES} ports is free`)
}
