import type { Attack } from './attack.ts'
import { FUZZ } from './fuzz.ts'
import { HOSTILE } from './hostile.ts'
import { KILL } from './kill.ts'
import { TIMING } from './timing.ts'

/** Every attack, in the order of the table. */
export const ATTACKS: readonly Attack[] = [KILL, HOSTILE, FUZZ, TIMING]
