import { test } from 'bun:test'

/**
 * Defines tests that need a program of the machine, with its path. Where it is missing, a run
 * under CI fails for it, as `.ci/run` installs it there; any other says that these were left out.
 */
export function withProgram(name: string, define: (path: string) => void): void {
  const path = Bun.which(name)
  if (path !== null) define(path)
  else if (process.env.CI !== 'true') console.log(`left out what needs ${name}: not installed`)
  else {
    test(`${name} is installed`, () => {
      throw new Error(`${name} is missing, and CI leaves no test out`)
    })
  }
}

/** The same for a program that no run has to have, as a compiler of another language. */
export function ifAtHand(name: string, define: (path: string) => void): void {
  const path = Bun.which(name)
  if (path === null) console.log(`left out what needs ${name}: not installed`)
  else define(path)
}
