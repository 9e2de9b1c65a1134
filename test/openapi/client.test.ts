import { expect, setDefaultTimeout, test } from 'bun:test'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocks, ROOT, readDocument } from '../docs/document.ts'
import { openFolder } from '../support/folder.ts'
import { startService } from '../support/service.ts'
import { delivery, SECRET } from '../support/signer.ts'

// A generator and a compiler run here, on a machine that may be busy.
setDefaultTimeout(60_000)

const [generated = '', own = ''] = blocks(readDocument('docs/clients.md'))
  .filter(({ language }) => language === 'ts')
  .map(({ text }) => text)

/** A folder beside the packages and the source, with a configuration of the strict compiler. */
function openProject() {
  const folder = openFolder()
  for (const name of ['node_modules', 'src', 'package.json']) {
    symlinkSync(join(ROOT, name), folder.file(name))
  }
  mkdirSync(folder.file('client'))
  const lib = ['ESNext', 'DOM', 'DOM.Iterable']
  const compilerOptions = { lib, preserveSymlinks: true, exactOptionalPropertyTypes: false }
  const config = {
    extends: join(ROOT, 'tsconfig.json'),
    compilerOptions: { ...compilerOptions, types: [join(ROOT, 'node_modules/@types/bun')] },
    include: ['client', 'src/**/*.d.ts'],
    exclude: [],
  }
  writeFileSync(folder.file('tsconfig.json'), JSON.stringify(config))
  return folder
}

/** Runs one of the packages' programs, or Bun, to its end. */
async function run(cwd: string, cmd: string[], env: Record<string, string> = {}) {
  const child = Bun.spawn(cmd, { cwd, env: { ...process.env, ...env }, stderr: 'pipe' })
  const [code, out, err] = await Promise.all([
    child.exited,
    child.stdout.text(),
    child.stderr.text(),
  ])
  return { code, text: out + err }
}

const programOf = (name: string) => join(ROOT, 'node_modules/.bin', name)

test('a client that is generated from the document compiles, and calls the service', async () => {
  await using service = await startService({}, 'socket')
  using folder = openProject()
  writeFileSync(folder.file('openapi.json'), JSON.stringify(await service.json('/openapi.json')))
  const generate = [programOf('oazapfts'), 'openapi.json', 'client/client.ts']
  expect(await run(folder.path, generate)).toMatchObject({ code: 0 })
  writeFileSync(
    folder.file('client/sample.ts'),
    generated.replace('http://localhost:8000', service.url()),
  )
  expect(await run(folder.path, [programOf('tsc')])).toEqual({ code: 0, text: '' })
  const env = { WEBHOOK_SECRET: SECRET }
  const ran = await run(folder.path, [process.execPath, 'client/sample.ts'], env)
  expect(ran).toEqual({ code: 0, text: '200 Hello\n' })
})

test("Elysia's own client knows the types of the answers, and calls the service", async () => {
  await using service = await startService({}, 'socket')
  await service.request('/webhook', delivery())
  using folder = openProject()
  writeFileSync(folder.file('client/own.ts'), own.replace('http://localhost:8000', service.url()))
  expect(await run(folder.path, [programOf('tsc')])).toEqual({ code: 0, text: '' })
  const ran = await run(folder.path, [process.execPath, 'client/own.ts'])
  expect(ran).toEqual({ code: 0, text: '1 Hello\n' })
})

test('a wrong use of the types does not compile', async () => {
  using folder = openProject()
  writeFileSync(folder.file('client/own.ts'), own.replace('data.total', 'data.totals'))
  const { code, text } = await run(folder.path, [programOf('tsc')])
  expect([code === 0, text]).toEqual([false, expect.stringContaining("'totals' does not exist")])
})
