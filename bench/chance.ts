/** Makes whole numbers from 0 to below `below`. */
export type Chance = (below: number) => number

/** A seeded source of numbers (mulberry32), so that every run of the bench draws the same texts. */
export function makeChance(seed: number): Chance {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** One of the items. Throws on an empty list. */
export function pick<T>(items: readonly T[], chance: Chance): T {
  const item = items[chance(items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}
