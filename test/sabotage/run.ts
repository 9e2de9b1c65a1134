import { join } from 'node:path'
import { BREAKAGES } from './breakages.ts'
import { runCampaign } from './campaign.ts'

const LIMIT_SECONDS = 180

const root = join(import.meta.dir, '../..')
const only = process.env.ONLY
const breakages = BREAKAGES.filter(({ name }) => only === undefined || name === only)
if (breakages.length === 0) throw new Error(`no breakage is named ${only}`)

const listing = new Bun.Glob('test/**/*.test.ts').scanSync({ cwd: root })
// The tidy test needs git, the container tests an engine, and these tests would run themselves.
const allTests = [...listing]
  .filter((path) => !/^test\/(tidy|sabotage|container)\b/.test(path))
  .sort()

const abort = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => abort.abort())

const { passed, failed } = await runCampaign({
  root,
  breakages,
  allTests,
  limitSeconds: LIMIT_SECONDS,
  print: (line) => console.log(line),
  signal: abort.signal,
})
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || abort.signal.aborted ? 1 : 0
