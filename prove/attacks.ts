import type { Attack } from './attack.ts'
import { CLOCKS } from './clocks.ts'
import { FUZZ } from './fuzz.ts'
import { HOSTILE } from './hostile.ts'
import { KILL } from './kill.ts'
import { OVERLOAD } from './overload.ts'
import { POWER } from './power.ts'
import { STOP_UNDER_LOAD } from './stop.ts'
import { STORAGE } from './storage.ts'
import { SYNCED } from './synced.ts'
import { TIMING } from './timing.ts'
import { TURNS } from './turns.ts'

/** Every attack, in the order of the table. */
export const ATTACKS: readonly Attack[] = [
  KILL,
  SYNCED,
  POWER,
  STORAGE,
  OVERLOAD,
  HOSTILE,
  FUZZ,
  TIMING,
  STOP_UNDER_LOAD,
  TURNS,
  CLOCKS,
]
