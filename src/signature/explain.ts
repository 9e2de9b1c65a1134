import { timingSafeEqual } from 'node:crypto'
import type { Delivery } from '../delivery.ts'
import { Rejection } from '../outcome.ts'
import type { KeyName, SchemeName, Signer } from '../scheme.ts'
import { bytesOfSecret } from '../secret.ts'
import { makeKeyring, type Secrets } from './keyring.ts'
import type { Scheme } from './scheme.ts'
import { SCHEMES } from './schemes.ts'
import { type Reading, readDigest, type Spelling } from './spelling.ts'
import { SIGNATURES_MAX } from './standard_webhooks.ts'
import { bodyVariants, keyVariants, type Variant } from './variants.ts'
import { verify } from './verify.ts'

const SPELLINGS: Readonly<Record<SchemeName, Spelling>> = {
  'x-signature': { prefix: '', encoding: 'hex' },
  'x-hub-signature-256': { prefix: 'sha256=', encoding: 'hex' },
  'standard-webhooks': { prefix: 'v1,', encoding: 'base64' },
}

/** What is to be said of a delivery's signature. */
export interface Explanation {
  /** Whether the service would let it through, where it takes the scheme. */
  readonly valid: boolean
  /** By which scheme it was judged; undefined for none. */
  readonly scheme?: SchemeName
  /** What is right or wrong, a sentence each, without final stops. */
  readonly sentences: readonly string[]
}

/** A key that a signature is tried with. */
interface Candidate extends Variant {
  readonly secret: KeyName | 'empty'
}

function candidates({ current, previous }: Secrets, scheme: SchemeName): Candidate[] {
  const of = (secret: KeyName, text: string) => {
    const own = scheme === 'standard-webhooks' ? bytesOfSecret(text) : undefined
    const right = own ?? new TextEncoder().encode(text)
    return keyVariants(text, right).map((variant) => ({ ...variant, secret }))
  }
  return [
    ...of('current', current),
    ...(previous === undefined ? [] : of('previous', previous)),
    { bytes: new Uint8Array(), fault: undefined, secret: 'empty' },
  ]
}

/** The bytes that a scheme signs before the body, and what may have been left out of them. */
function prefixes(scheme: SchemeName, headers: Headers): { text: string; fault?: string }[] {
  if (scheme !== 'standard-webhooks') return [{ text: '' }]
  const id = headers.get('webhook-id') ?? ''
  const time = headers.get('webhook-timestamp') ?? ''
  return [
    { text: `${id}.${time}.` },
    { text: `${time}.`, fault: 'the id was not signed' },
    { text: '', fault: 'the body alone was signed, without id and time' },
  ]
}

const SECRET_FAULTS = {
  current: undefined,
  previous: 'it was signed with the previous secret, which is still valid',
  empty: 'it was signed with an empty secret: the sender has none',
} as const

function sameDigest(
  key: Uint8Array,
  prefix: string,
  body: Uint8Array,
  { digest }: Reading,
): boolean {
  // Bun takes no empty key; HMAC pads it with zeros, so that one zero byte is the same key.
  const usable = key.length === 0 ? new Uint8Array(1) : key
  const hasher = new Bun.CryptoHasher('sha256', usable)
  return timingSafeEqual(hasher.update(prefix).update(body).digest(), digest)
}

/** The mistakes that together lead to this signature, fewest first; undefined for none known. */
function findMistakes(delivery: Delivery, secrets: Secrets, scheme: SchemeName, reading: Reading) {
  const bodies = bodyVariants(delivery.body)
  for (const body of bodies) {
    for (const prefix of prefixes(scheme, delivery.headers)) {
      for (const key of candidates(secrets, scheme)) {
        if (!sameDigest(key.bytes, prefix.text, body.bytes, reading)) continue
        return [
          SECRET_FAULTS[key.secret],
          key.fault,
          body.fault,
          prefix.fault,
          ...reading.faults,
        ].filter((fault) => fault !== undefined)
      }
    }
  }
  return undefined
}

/** How far the signed time lies from ours, in words. */
function explainTime(scheme: Scheme, delivery: Delivery, toleranceSeconds: number): string[] {
  const signedAt = scheme.signedAt?.(delivery.headers)
  if (signedAt === undefined) return []
  if (!Number.isFinite(signedAt)) return ['the time signed is no number of seconds']
  const skew = Math.floor((delivery.receivedAt - signedAt * 1000) / 1000)
  if (Math.abs(skew) <= toleranceSeconds) return []
  const minutes = Math.round(Math.abs(skew) / 60)
  const way = skew > 0 ? 'behind' : 'ahead of'
  return [
    `its clock is ${minutes} minutes ${way} ours, and ${toleranceSeconds} seconds are tolerated`,
  ]
}

function explainHeader(
  delivery: Delivery,
  secrets: Secrets,
  scheme: Scheme,
  header: string,
): string[] {
  const spelling = SPELLINGS[scheme.name]
  const entries = scheme.name === 'standard-webhooks' ? header.split(' ') : [header]
  const looked = entries.slice(0, SIGNATURES_MAX)
  const readings = looked.map((entry) => readDigest(entry, spelling))
  const known = readings.filter((reading) => reading !== undefined)
  if (known.length === 0) return [explainNoDigest(header)]
  for (const reading of known) {
    const mistakes = findMistakes(delivery, secrets, scheme.name, reading)
    if (mistakes !== undefined) return mistakes
  }
  if (looked.length < entries.length) {
    return [`none of its first ${SIGNATURES_MAX} signatures is right, and others are not looked at`]
  }
  const faults = known.flatMap((reading) => reading.faults)
  return [...faults, 'it was made with another secret, or over another body']
}

function explainNoDigest(header: string): string {
  const digits = header.replace(/^\w+[=,]/, '')
  if (/^[0-9a-f]{40}$/i.test(digits)) return 'it is an HMAC of SHA-1, and should be of SHA-256'
  if (/^[0-9a-f]{128}$/i.test(digits)) return 'it is an HMAC of SHA-512, and should be of SHA-256'
  if (header.includes(', ')) return 'the header was sent twice'
  return header === '' ? 'the header is empty' : 'it is no digest of 32 bytes in hex or base64'
}

/**
 * Says why a delivery's signature is refused, or that it is not, by trying the mistakes that
 * people make: with the key, the body, the spelling and the clock. Nothing of it is in the way of
 * a delivery; it may take a while.
 */
export function explain(
  delivery: Delivery,
  names: readonly SchemeName[],
  secrets: Secrets,
  toleranceSeconds: number,
): Explanation {
  const schemes = names.map((name) => SCHEMES[name])
  let signer: Signer | undefined
  const onMatch = (match: Signer) => {
    signer = match
  }
  const keyring = makeKeyring(names, secrets)
  const verdict = verify(delivery, { keyring, toleranceSeconds, onMatch })
  const used = schemes.find(({ name, headers }) =>
    signer === undefined ? delivery.headers.has(headers[0]) : name === signer.scheme,
  )
  if (used === undefined) {
    const wanted = schemes.map((scheme) => scheme.headers[0]).join(' or ')
    return { valid: false, sentences: [`there is no signature: wanted is the header ${wanted}`] }
  }
  const missing = used.headers.filter((name) => !delivery.headers.get(name))
  if (missing.length > 0) {
    return { valid: false, sentences: [`the header ${missing.join(' and ')} is missing or empty`] }
  }
  const header = delivery.headers.get(used.headers[0]) ?? ''
  const mistakes = explainHeader(delivery, secrets, used, header)
  const clock = explainTime(used, delivery, toleranceSeconds)
  const sentences = [...mistakes, ...clock]
  return { valid: !(verdict instanceof Rejection), scheme: used.name, sentences }
}
