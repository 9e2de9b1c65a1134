/**
 * Path of a program of the machine that an attack needs; Debian's package is called the same.
 * Throws an Error that says how to install it.
 */
export function requireProgram(name: 'strace' | 'faketime'): string {
  const path = Bun.which(name)
  if (path !== null) return path
  throw new Error(`${name} is missing: install it (Debian, Ubuntu: apt-get install ${name})`)
}
