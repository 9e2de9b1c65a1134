import { readFileSync } from 'node:fs'

/** Another one after each start of the machine (man 5 proc_sys_kernel, random/boot_id). */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Names the machine's current start; null where the system does not tell. */
export function readBoot(): string | null {
  try {
    return readFileSync(BOOT_ID, 'ascii').trim()
  } catch {
    return null
  }
}
