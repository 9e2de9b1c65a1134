import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { SNIPPETS } from '../../src/web/snippet.ts'
import { ifAtHand } from '../support/program.ts'
import { startService } from '../support/service.ts'
import { signatureOf } from '../support/signer.ts'
import { fetchDocument } from './description.ts'

/** Bytes that a program spoils which takes them for text of another kind, or trims them. */
const BODY = '{"text":"\u4f60\u597d \u{1f600} %0A \\\\ "}\r\n\n'
const SECRET = 'a secret: "\u00e9" $HOME \\'

const FOLDER = join(import.meta.dir, '../../src/web/snippet')

/** What runs each snippet, by the name of its file. */
const RUNNERS = {
  Shell: ['sh', 'shell.sh'],
  JavaScript: ['node', 'javascript.mjs'],
  Python: ['python3', 'python.py'],
  Go: ['go', 'run', 'go.go'],
  PHP: ['php', 'php.php'],
} as const

for (const [title, [program, ...args]] of Object.entries(RUNNERS)) {
  ifAtHand(program, (path) => {
    test(`the ${title} snippet signs as the contract has it`, async () => {
      const env = { ...process.env, WEBHOOK_SECRET: SECRET }
      const stdin = new Blob([BODY])
      const child = Bun.spawn([path, ...args], { cwd: FOLDER, env, stdin, stderr: 'pipe' })
      const [code, out, err] = await Promise.all([
        child.exited,
        child.stdout.text(),
        child.stderr.text(),
      ])
      expect([code, err, out]).toEqual([0, '', `${signatureOf(BODY, SECRET)}\n`])
    })
  })
}

test('each snippet has somebody who runs it, and stands in the document', async () => {
  expect(SNIPPETS.map(({ title }) => title)).toEqual(Object.keys(RUNNERS))
  await using service = await startService()
  const { description } = (await fetchDocument(service)).info
  for (const { text } of SNIPPETS) expect(description).toContain(text)
})
