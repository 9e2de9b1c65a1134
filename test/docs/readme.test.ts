import { afterAll, expect, test } from 'bun:test'
import { blocks, readDocument } from './document.ts'
import { SAMPLES, type Stage } from './samples.ts'
import { start } from './terminal.ts'
import { openWorkspace } from './workspace.ts'

/**
 * The README's samples, read from the README, run in its order as a reader types them, in a copy
 * of the project. What is changed on the way: the service takes a free port of 127.0.0.1, so the
 * samples' localhost:8000 becomes that port, and `send` is told it; paths outside of the project
 * lead into the copy; a stand-in takes the place of docker; and `make test` is not run again.
 */
const README_BLOCKS = blocks(readDocument('README.md'))

/** The one that compiles takes seconds where a machine is busy. */
const SAMPLE_MILLISECONDS = 60_000

const workspace = openWorkspace()
const running: ReturnType<typeof start>[] = []
const stage: Stage = {
  workspace,
  serve: (script) => {
    const service = start(script, workspace, { HOST: '127.0.0.1', PORT: '0' })
    running.push(service)
    return service
  },
}

afterAll(async () => {
  await Promise.all(running.map((service) => service.interrupt()))
  workspace[Symbol.dispose]()
})

const samplesFor = (block: string) => SAMPLES.filter(({ form }) => form.test(block))

for (const { language, text } of README_BLOCKS) {
  const [first] = text.split('\n')

  test(
    `the sample that begins with ${first} does what the README says`,
    async () => {
      expect(language).toBe('sh')
      const samples = samplesFor(text)
      // A block that no rule knows would be left unrun.
      expect(samples.map(({ name }) => name)).toHaveLength(1)
      for (const sample of samples) await sample.play(text, stage)
    },
    SAMPLE_MILLISECONDS,
  )
}

test('the README has each sample that there is a rule for, once and in this order', () => {
  const found = README_BLOCKS.flatMap(({ text }) => samplesFor(text))
  expect(found.map(({ name }) => name)).toEqual(SAMPLES.map(({ name }) => name))
})

test('a block with a line more than its rule knows is not run unseen', () => {
  const longer = README_BLOCKS.map(({ text }) => `${text}\nrm -rf data`)
  expect(longer.flatMap(samplesFor)).toEqual([])
})
