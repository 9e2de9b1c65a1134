/** Where a contestant listens, as `startServer` of the bench says it. */
export const ADDRESS = {
  hostname: process.env.HOST ?? '127.0.0.1',
  port: Number(process.env.PORT),
  reusePort: false,
} as const

/** Ends the process in order at SIGTERM, connections that are left and all. */
export function stopOnSignal(server: { stop: (cut: boolean) => Promise<void> }): void {
  process.once('SIGTERM', () => void server.stop(true))
}
