import type { SchemeName } from '../scheme.ts'
import type { Scheme } from './scheme.ts'
import { STANDARD_WEBHOOKS } from './standard_webhooks.ts'
import { X_HUB_SIGNATURE } from './x_hub_signature.ts'
import { X_SIGNATURE } from './x_signature.ts'

/** Every scheme by its name. A new one is a file, a row here and a name in `scheme.ts`. */
export const SCHEMES: Readonly<Record<SchemeName, Scheme>> = {
  'x-signature': X_SIGNATURE,
  'x-hub-signature-256': X_HUB_SIGNATURE,
  'standard-webhooks': STANDARD_WEBHOOKS,
}
