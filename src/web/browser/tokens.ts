/** The tokens that the page may hold. */
type TokenName = 'api' | 'metrics'

const keyOf = (name: TokenName) => `ackbox-${name}-token`

/** The token that was typed in this tab, if any was. */
export function tokenOf(name: TokenName): string | undefined {
  return sessionStorage.getItem(keyOf(name)) || undefined
}

/** Keeps a token as long as the tab is open; an empty one is forgotten. */
export function keepToken(name: TokenName, token: string): void {
  if (token === '') sessionStorage.removeItem(keyOf(name))
  else sessionStorage.setItem(keyOf(name), token)
}
