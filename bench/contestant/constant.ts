import { ADDRESS, stopOnSignal } from './process.ts'

// The ceiling of the platform: answers a constant and looks at nothing.
stopOnSignal(
  Bun.serve({
    ...ADDRESS,
    fetch: () => new Response('{"status":"ok"}'),
  }),
)
