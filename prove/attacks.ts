import type { Attack } from './attack.ts'
import { FUZZ } from './fuzz.ts'
import { KILL } from './kill.ts'

/** Every attack, in the order of the table. */
export const ATTACKS: readonly Attack[] = [KILL, FUZZ]
