import { createHmac } from 'node:crypto'

/** What the receiving end saw, in order of arrival. */
export type Arrival = { body: string; isSigned: boolean; headers: Headers }

/** A real server that checks signatures by node:crypto and answers what the test says. */
export type Receiver = {
  url: string
  arrivals: Arrival[]
  close: () => Promise<void>
}

/** What the receiver checks signatures with. */
export const SECRET = 'a test secret'

/** Starts one on a free port; `answer` gets each arrival and how many came before it. */
export function startReceiver(
  answer: (arrival: Arrival, before: number) => Response | Promise<Response>,
): Receiver {
  const arrivals: Arrival[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: async (request) => {
      const bytes = await request.bytes()
      const expected = createHmac('sha256', SECRET).update(bytes).digest('hex')
      const arrival = {
        body: new TextDecoder('latin1').decode(bytes),
        isSigned: request.headers.get('X-Signature') === expected,
        headers: request.headers,
      }
      arrivals.push(arrival)
      return await answer(arrival, arrivals.length - 1)
    },
  })
  const url = `http://127.0.0.1:${server.port}/webhook`
  return { url, arrivals, close: () => server.stop(true) }
}

/** The 200 of our server. */
export function ok(result?: 'created' | 'duplicate'): Response {
  const headers = result === undefined ? {} : { 'X-Ackbox-Result': result }
  return Response.json({ status: 'ok' }, { headers })
}
