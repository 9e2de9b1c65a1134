import { Refusals } from '../../src/refusals.ts'

// ackbox as it is, but no refusal is remembered: what that costs is the difference to ours.
Refusals.prototype.add = () => {}
await import('../../src/main.ts')
