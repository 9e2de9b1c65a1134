import { SCHEME_NAMES, type SchemeName } from '../scheme.ts'
import { SCHEMES } from './schemes.ts'

/** The first scheme, on or off, whose signature's header is there at all. */
export function schemeIn(headers: Headers): SchemeName | undefined {
  return SCHEME_NAMES.find((name) => headers.has(SCHEMES[name].headers[0]))
}
