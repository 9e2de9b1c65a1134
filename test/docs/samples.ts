import { expect } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS } from '../../src/cli/commands.ts'
import { SETTINGS } from '../../src/config.ts'
import { startBrowser, visit } from '../browser/visitor.ts'
import type { Folder } from '../support/folder.ts'
import { ROOT } from './document.ts'
import { makeTargets } from './makefile.ts'
import { run, type start } from './terminal.ts'

/** Where the README is played through: its project folder, and the service once it runs. */
export interface Stage {
  readonly workspace: Folder
  /** Starts a script that serves; whatever still runs is interrupted when the stage is closed. */
  readonly serve: (script: string) => ReturnType<typeof start>
  /** Address of the service that the first sample starts. */
  url?: string
}

/** How the test runs one of the README's blocks, and what must come of it. */
interface Sample {
  readonly name: string
  /** The whole block. One that has a line more or another command than this is no such sample. */
  readonly form: RegExp
  /** Takes the block as it stands in the README; throws where the README is wrong. */
  readonly play: (block: string, stage: Stage) => Promise<void>
}

/** The address that the README's samples speak to; each is rewritten to the port really taken. */
const README_ADDRESS = `http://localhost:${SETTINGS.PORT.default}`

function addressOf({ url }: Stage): string {
  if (url === undefined) throw new Error('the sample that starts the service has not succeeded')
  return url
}

const readdress = (block: string, stage: Stage) =>
  block.replaceAll(README_ADDRESS, addressOf(stage))

/** What curl printed for each call: JSON, then its status, as the workspace has curl set up. */
function answersIn(stdout: string): { status: string | undefined; body: unknown }[] {
  const lines = stdout.trimEnd().split('\n')
  return lines.flatMap((line, n) =>
    n % 2 === 0 ? [{ status: lines[n + 1], body: JSON.parse(line) }] : [],
  )
}

async function startService(block: string, stage: Stage): Promise<void> {
  stage.url = await stage.serve(block).listening()
  expect((await fetch(`${stage.url}/health/ready`)).status).toBe(200)
  expect(existsSync(stage.workspace.file('data/app.db'))).toBe(true)
}

/** Run for real it would run itself, so only what it calls is held to be there. */
async function checkTests(block: string): Promise<void> {
  const target = block.replace('make ', '')
  expect(makeTargets()).toContain(target)
  const integration = readFileSync(join(ROOT, '.ci/run'), 'utf8')
  expect(integration).toMatch(new RegExp(`^step ${target} [0-9]+$`, 'm'))
  expect(integration).toContain('make "$target"')
}

async function sendWithAckbox(block: string, stage: Stage): Promise<void> {
  const url = COMMANDS.find(({ name }) => name === 'send')?.options.find(
    ({ name }) => name === 'url',
  )
  // The sample leaves the address out, so it is the usual one, and must be where `make run` serves.
  const usual = `/webhook or /webhook/whatsapp on http://127.0.0.1:${SETTINGS.PORT.default}`
  expect(url).toMatchObject({ fallback: usual })
  const script = `${block} --url ${addressOf(stage)}/webhook`
  const { code, stdout, stderr } = await run(script, stage.workspace)
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'created 1\nduplicate 0\nrefused 0\nfailed 0\n',
    stderr: '',
  })
}

async function sendWithCurl(block: string, stage: Stage): Promise<void> {
  const { code, stdout } = await run(readdress(block, stage), stage.workspace)
  expect(code).toBe(0)
  expect(answersIn(stdout)).toEqual([{ status: '200', body: { status: 'ok' } }])
}

async function readBack(block: string, stage: Stage): Promise<void> {
  const { code, stdout } = await run(readdress(block, stage), stage.workspace)
  expect(code).toBe(0)
  const texts = [{ text: 'Hello' }, { text: 'Hello, inbox' }]
  expect(answersIn(stdout)).toMatchObject([
    { status: '200', body: { data: texts, total: 2, limit: 50, offset: 0 } },
    { status: '200', body: { message_id: 'm1', text: 'Hello', seq: 2 } },
    { status: '200', body: { total_messages: 2, senders_count: 2 } },
  ])
}

/**
 * A stand-in for the engine notes what it is asked to do. That a real one does it is what
 * `make test-container` proves with the same Compose commands, which are looked up there.
 */
async function composeUpAndDown(block: string, { workspace }: Stage): Promise<void> {
  mkdirSync(workspace.file('bin'))
  const standIn = '#!/bin/sh\n[ "$2" = version ] || echo "$@" >> engine.txt\n'
  writeFileSync(workspace.file('bin/docker'), standIn, { mode: 0o755 })
  const PATH = `${workspace.file('bin')}:${process.env.PATH}`
  const { code, stderr } = await run(block, workspace, { PATH })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(readFileSync(workspace.file('.env'), 'utf8')).toMatch(/^WEBHOOK_SECRET=[0-9a-f]{64}\n$/)
  const asked = readFileSync(workspace.file('engine.txt'), 'utf8').trimEnd().split('\n')
  expect(asked).toEqual([
    'compose up --build --detach',
    'compose logs --follow --tail=100',
    'compose down',
  ])
  const proof = ['checks.ts', 'composition.ts'].map((name) =>
    readFileSync(join(ROOT, 'test/container', name), 'utf8'),
  )
  for (const verb of ['build', 'up', 'logs', 'down']) {
    expect(proof.join('\n')).toMatch(
      new RegExp(`(compose|docker)\\(('--profile', 'observe', )?'${verb}'`),
    )
  }
}

/** What the pages load is in the binary too, and works in a browser where there is one. */
async function showPages(url: string): Promise<void> {
  for (const page of ['/', '/docs']) {
    const html = await (await fetch(`${url}${page}`)).text()
    const loaded = [...html.matchAll(/ (?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(loaded).toContain(page === '/' ? '/assets/inbox.js' : '/assets/docs.js')
    for (const path of ['/openapi.json', ...loaded]) {
      const response = await fetch(`${url}${path}`)
      expect([path, response.status, (await response.bytes()).length > 0]).toEqual([
        path,
        200,
        true,
      ])
    }
  }
  const chromium = Bun.which('chromium')
  if (chromium === null) return
  const browser = await startBrowser(chromium)
  try {
    await using inbox = await visit(browser, { url: () => url }, '/')
    await inbox.page.getByText('0 of 0 messages').waitFor()
    await using docs = await visit(browser, { url: () => url }, '/docs')
    await docs.page.locator('.opblock').first().waitFor()
    expect([inbox.complaints(), docs.complaints()]).toEqual([[], []])
  } finally {
    await browser.close()
  }
}

/** The two paths of a real machine are rewritten into the folder. */
async function buildAndServe(block: string, { workspace, serve }: Stage): Promise<void> {
  writeFileSync(workspace.file('webhook'), 'a-secret-of-a-file\n')
  const script = block
    .replace('/run/secrets/webhook', workspace.file('webhook'))
    .replace('/var/lib', workspace.file('lib'))
  const service = serve(script)
  const url = await service.listening()
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  await showPages(url)
  await service.interrupt()
  expect(existsSync(workspace.file('lib/ackbox/app.db'))).toBe(true)
}

/** A rule for every kind of block that the README has, in the order of the README. */
export const SAMPLES: readonly Sample[] = [
  { name: 'starts the service', form: /^make run$/, play: startService },
  { name: 'runs the tests', form: /^make test$/, play: checkTests },
  { name: 'sends', form: /^npx bun src\/main\.ts send [^\n]*$/, play: sendWithAckbox },
  {
    name: 'signs with openssl and sends with curl',
    form: /^body=[^\n]*\nsignature=[^\n]* openssl [^\n]*\ncurl -s [^\n]*\/webhook [^\n]*$/,
    play: sendWithCurl,
  },
  { name: 'reads with curl', form: /^curl -s [^\n]*(\ncurl -s [^\n]*){2}$/, play: readBack },
  {
    name: 'runs it with Docker Compose',
    form: /^echo "WEBHOOK_SECRET=\$\(openssl [^\n]*\)" > \.env\nmake up\nmake logs\nmake down$/,
    play: composeUpAndDown,
  },
  {
    name: 'compiles the binary and starts it',
    form: /^make build\nWEBHOOK_SECRET_FILE=\S+ DATABASE_URL=\S+ dist\/ackbox serve$/,
    play: buildAndServe,
  },
]
