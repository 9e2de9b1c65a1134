import { timingSafeEqual } from 'node:crypto'

/** The least that any receiver must do with a delivery: check its signature, and read its JSON. */
export type Check = (request: Request) => Promise<Record<string, unknown> | undefined>

/** Makes the check for a secret; `undefined` stands for a delivery that is refused. */
export function makeCheck(secret: string): Check {
  const key = new Bun.CryptoHasher('sha256', secret)
  return async (request) => {
    const body = await request.bytes()
    const signature = Buffer.from(request.headers.get('x-signature') ?? '', 'hex')
    const digest = key.copy().update(body).digest()
    if (signature.length !== digest.length || !timingSafeEqual(digest, signature)) return undefined
    return JSON.parse(Buffer.from(body).toString())
  }
}

/** The answer to a delivery that is taken, made anew as each needs its own. */
export const accepted = () => new Response('{"status":"ok"}')

/** The answer to a delivery whose signature is wrong. */
export const refused = () => new Response('{"detail":"invalid signature"}', { status: 401 })
