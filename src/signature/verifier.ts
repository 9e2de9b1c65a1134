import type { Delivery, Verified } from '../delivery.ts'
import type { Rejection } from '../outcome.ts'
import type { SchemeName } from '../scheme.ts'
import { makeKeyring, type Secrets } from './keyring.ts'
import { type Verification, verify } from './verify.ts'

/** Verifies the deliveries of one route, by secrets that can be replaced while it runs. */
export class Verifier {
  readonly #names: readonly SchemeName[]
  #verification: Verification

  /** Takes the schemes in the order in which to try them. Throws for a secret that is malformed. */
  constructor(
    names: readonly SchemeName[],
    secrets: Secrets,
    options: Omit<Verification, 'keyring'>,
  ) {
    this.#names = names
    this.#verification = { ...options, keyring: makeKeyring(names, secrets) }
  }

  /** See `verify`. */
  verify(delivery: Delivery): Verified | Rejection {
    return verify(delivery, this.#verification)
  }

  /** Takes these secrets from the next delivery on. Throws for malformed ones, and changes none. */
  replaceSecrets(secrets: Secrets): void {
    this.#verification = { ...this.#verification, keyring: makeKeyring(this.#names, secrets) }
  }
}
