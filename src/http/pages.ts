import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { DOCS_PAGE, INBOX_PAGE } from '../web/page.ts'
import { answerAs, answerText, answerUnchanged, refuse } from './answer.ts'

/**
 * What a page of ours may do: load from here, and nothing else from anywhere. Swagger UI's style
 * has its icons in it.
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const compress = promisify(gzip)

/** A list of codings that has gzip, and not to say that it is unwanted (RFC 9110, 12.5.3). */
const GZIP = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i

interface Packed {
  readonly plain: Uint8Array<ArrayBuffer>
  readonly gzipped: Uint8Array<ArrayBuffer>
  readonly etag: string
}

async function pack(plain: Uint8Array<ArrayBuffer>): Promise<Packed> {
  const digest = new Bun.CryptoHasher('sha256').update(plain).digest('base64url')
  return { plain, gzipped: new Uint8Array(await compress(plain)), etag: `"${digest}"` }
}

function answerPacked(request: Request, type: string, packed: Packed): Response {
  const { plain, gzipped, etag } = packed
  // A browser asks each time whether it still has the right one, so an upgrade is seen at once.
  const headers = { 'cache-control': 'no-cache', etag, vary: 'accept-encoding' }
  if (request.headers.get('if-none-match') === etag) return answerUnchanged(headers)
  return GZIP.test(request.headers.get('accept-encoding') ?? '')
    ? answerAs(type, gzipped, { ...headers, 'content-encoding': 'gzip' })
    : answerAs(type, plain, headers)
}

const html = (text: string) =>
  answerAs('text/html; charset=utf-8', text, { 'content-security-policy': PAGE_POLICY })

/** The routes of what a browser is shown; what they need is loaded at the first request for it. */
export function openPages(describe: () => Promise<string>) {
  const known = new Map<string, Promise<Packed>>()
  let document: Promise<string> | undefined
  return {
    inbox: () => html(INBOX_PAGE),
    docs: () => html(DOCS_PAGE),
    openapi: async () => {
      document ??= describe()
      return answerText(200, await document)
    },
    asset: async (name: string, request: Request) => {
      const { ASSETS } = await import('../web/assets.ts')
      const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined
      if (asset === undefined) return refuse(404, 'Not Found')
      const packed = known.get(name) ?? asset.read().then(pack)
      known.set(name, packed)
      return answerPacked(request, asset.type, await packed)
    },
  }
}
