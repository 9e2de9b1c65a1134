import type { Attack } from './attack.ts'
import { KILL } from './kill.ts'
import { POWER } from './power.ts'
import { SYNCED } from './synced.ts'

/** Every attack, in the order of the table. */
export const ATTACKS: readonly Attack[] = [KILL, SYNCED, POWER]
