import { cpus } from 'node:os'

/** One look at the machine takes so long, in milliseconds. */
const LOOK_MILLISECONDS = 500

/** Other work that takes no more than this part of the machine does not count. */
export const QUIET = 0.1

/** Waits for a quiet machine, and keeps what it saw. */
export interface Patience {
  /**
   * Resolves when other work takes little of the machine, or when the time that may be spent on
   * waiting in the whole run is used up. Call it while nothing of the bench is busy.
   */
  readonly quiet: () => Promise<void>
  /** Part of the machine that other work took in the last look of each wait, 0 to 1. */
  readonly seen: () => readonly number[]
}

function cpuTimes() {
  const all = cpus().map(({ times }) => times)
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
  return {
    idle: sum(all.map(({ idle }) => idle)),
    total: sum(all.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq)),
  }
}

async function look(): Promise<number> {
  const before = cpuTimes()
  await Bun.sleep(LOOK_MILLISECONDS)
  const after = cpuTimes()
  return 1 - (after.idle - before.idle) / (after.total - before.total)
}

/** Makes the patience of one run: so many seconds of waiting in all. */
export function openPatience(seconds: number): Patience {
  const seen: number[] = []
  let left = seconds * 1000
  const quiet = async () => {
    let busy = await look()
    while (busy > QUIET && left > 0) {
      left -= LOOK_MILLISECONDS
      busy = await look()
    }
    seen.push(busy)
  }
  return { quiet, seen: () => seen }
}
