/** The signature schemes that there are, as SIGNATURE_SCHEMES names them. */
export const SCHEME_NAMES = ['x-signature', 'x-hub-signature-256', 'standard-webhooks'] as const

/** The name of a signature scheme. */
export type SchemeName = (typeof SCHEME_NAMES)[number]

/** The one that /webhook takes where SIGNATURE_SCHEMES is not set: the contract's. */
export const DEFAULT_SCHEME: SchemeName = 'x-signature'

/** Whether a word is the name of a scheme. */
export function isSchemeName(word: string): word is SchemeName {
  return SCHEME_NAMES.some((name) => name === word)
}

/** Which secret a key is made of: the present one, or that of the setting's _PREVIOUS. */
export type KeyName = 'current' | 'previous'

/** Which key a signature was made with, and by which scheme; a label of metrics and logs. */
export interface Signer {
  readonly scheme: SchemeName
  readonly key: KeyName
}
