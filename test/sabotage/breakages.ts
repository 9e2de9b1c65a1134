import type { Breakage } from './breakage.ts'
import { ATTACK_BREAKAGES } from './breakages/attack.ts'
import { COMMAND_BREAKAGES } from './breakages/command.ts'
import { DELIVERY_BREAKAGES } from './breakages/delivery.ts'
import { DISK_BREAKAGES } from './breakages/disk.ts'
import { HTTP_BREAKAGES } from './breakages/http.ts'
import { INTAKE_BREAKAGES } from './breakages/intake.ts'
import { METRICS_BREAKAGES } from './breakages/metrics.ts'
import { PAGE_BREAKAGES } from './breakages/page.ts'
import { PROCESS_BREAKAGES } from './breakages/process.ts'
import { PROMISE_BREAKAGES } from './breakages/promise.ts'
import { READS_BREAKAGES } from './breakages/reads.ts'
import { REFUSAL_BREAKAGES } from './breakages/refusal.ts'
import { SEARCHING_BREAKAGES } from './breakages/searching.ts'
import { SETTLING_BREAKAGES } from './breakages/settling.ts'
import { STORE_BREAKAGES } from './breakages/store.ts'
import { WHATSAPP_BREAKAGES } from './breakages/whatsapp.ts'

/**
 * The ways in which `make sabotage` breaks the program, each of which the tests named must notice.
 * A breakage is a mistake somebody could really make and the types would let pass, but for a name
 * that it leaves unused.
 */
export const BREAKAGES: Breakage[] = [
  ...DELIVERY_BREAKAGES,
  ...INTAKE_BREAKAGES,
  ...STORE_BREAKAGES,
  ...SETTLING_BREAKAGES,
  ...DISK_BREAKAGES,
  ...READS_BREAKAGES,
  ...SEARCHING_BREAKAGES,
  ...HTTP_BREAKAGES,
  ...METRICS_BREAKAGES,
  ...PAGE_BREAKAGES,
  ...PROCESS_BREAKAGES,
  ...PROMISE_BREAKAGES,
  ...COMMAND_BREAKAGES,
  ...WHATSAPP_BREAKAGES,
  ...REFUSAL_BREAKAGES,
  ...ATTACK_BREAKAGES,
]
