import { expect, test } from 'bun:test'
import { basename, dirname, join } from 'node:path'

const root = join(import.meta.dir, '../..')

/** The words after `build`, up to the last source file, over line ends that are escaped. */
async function compileCommand(file: string): Promise<string[]> {
  const text = (await Bun.file(join(root, file)).text()).replaceAll(/\\\n/g, ' ')
  const command = /build (--compile .*src\/\S+\.ts)/.exec(text)?.[1] ?? ''
  return command.split(/\s+/)
}

/** The files that the source opens as Workers; `?` for one that the binary would not find. */
async function openedThreads(): Promise<string[]> {
  const threads: string[] = []
  for await (const file of new Bun.Glob('src/**/*.ts').scan(root)) {
    const source = await Bun.file(join(root, file)).text()
    for (const [, name] of source.matchAll(
      /new Worker\((?:\s*new URL\('(.+?)', import\.meta\.url\))?/g,
    )) {
      threads.push(name === undefined ? '?' : join(dirname(file), name))
    }
  }
  return threads
}

test('the image and make build compile the binary in the same way', async () => {
  const image = await compileCommand('Dockerfile')
  expect(image).toContain('src/main.ts')
  expect(image).toEqual(await compileCommand('Makefile'))
})

test('whatever starts the service gives the allocator the same setting', async () => {
  for (const file of ['Makefile', 'Dockerfile', 'README.md', 'bench/contestants.ts']) {
    const text = await Bun.file(join(root, file)).text()
    const values = [...text.matchAll(/MIMALLOC_PURGE_HOLES(?:=|: ')("[^"]+"|\d)/g)]
    const expected = file === 'Makefile' ? '"$${MIMALLOC_PURGE_HOLES-0}"' : '0'
    expect([file, values.map(([, value]) => value)]).toEqual([file, [expected]])
  }
})

test('every thread of the program is an entry point of the binary', async () => {
  const entries = (await compileCommand('Makefile')).filter((word) => word.endsWith('.ts'))
  const threads = await openedThreads()
  expect(threads.length).toBeGreaterThan(0)
  expect(entries).toEqual(expect.arrayContaining(threads))
  // Flat entry names: two entry points of one name would overwrite each other.
  expect(new Set(entries.map((entry) => basename(entry))).size).toBe(entries.length)
})
