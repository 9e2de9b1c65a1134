import type { Attack } from './attack.ts'
import { CLOCKS } from './clocks.ts'
import { KILL } from './kill.ts'
import { OVERLOAD } from './overload.ts'
import { POWER } from './power.ts'
import { STOP_UNDER_LOAD } from './stop.ts'
import { SYNCED } from './synced.ts'
import { TURNS } from './turns.ts'

/** Every attack, in the order of the table. */
export const ATTACKS: readonly Attack[] = [
  KILL,
  SYNCED,
  POWER,
  OVERLOAD,
  STOP_UNDER_LOAD,
  TURNS,
  CLOCKS,
]
