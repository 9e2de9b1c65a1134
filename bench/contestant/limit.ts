import { accepted, makeCheck, refused } from './checked.ts'
import { ADDRESS, stopOnSignal } from './process.ts'

const check = makeCheck(process.env.WEBHOOK_SECRET ?? '')

// The limit: what any receiver must do, and no storage.
stopOnSignal(
  Bun.serve({
    ...ADDRESS,
    fetch: async (request) => {
      if (request.method === 'GET') return accepted()
      return (await check(request)) === undefined ? refused() : accepted()
    },
  }),
)
