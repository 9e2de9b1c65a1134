import type { SchemeName, Signer } from '../scheme.ts'
import type { Key } from './hmac.ts'
import type { Scheme } from './scheme.ts'
import { SCHEMES } from './schemes.ts'

/** The secrets that are valid at once: the present one, and the one before while it is rotated. */
export interface Secrets {
  readonly current: string
  readonly previous?: string | undefined
}

/** One scheme that is taken, with a key for each secret, the present one first. */
interface Ring {
  readonly scheme: Scheme
  readonly keys: readonly Key[]
  /** Who signed where the key of this index matched. */
  readonly signers: readonly Signer[]
}

/** All keys of all schemes that a route takes. */
export type Keyring = readonly Ring[]

/** Makes every secret ready for every scheme. Throws for one that is empty or malformed. */
export function makeKeyring(names: readonly SchemeName[], secrets: Secrets): Keyring {
  const { current, previous } = secrets
  return names.map((name) => {
    const scheme = SCHEMES[name]
    const rotated = previous === undefined ? [] : [previous]
    return {
      scheme,
      keys: [current, ...rotated].map((secret) => scheme.makeKey(secret)),
      signers: [
        { scheme: name, key: 'current' },
        { scheme: name, key: 'previous' },
      ],
    }
  })
}
