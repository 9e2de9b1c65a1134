import { expect, setDefaultTimeout, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { until } from '../support/deadline.ts'
import { type Folder, openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { fields, signatureOf, signed } from '../support/signer.ts'
import { handshake, PATH, post } from '../whatsapp/meta.ts'
import { message, messages } from '../whatsapp/payloads.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const BODY = JSON.stringify(fields())

/** A service whose two secrets come from files in a folder. */
function startFromFiles(folder: Folder) {
  return startProcess({
    DATABASE_URL: 'sqlite:///:memory:',
    WEBHOOK_SECRET: undefined,
    WEBHOOK_SECRET_FILE: folder.file('current'),
    WEBHOOK_SECRET_PREVIOUS_FILE: folder.file('previous'),
  })
}

async function statusOf(url: string, secret: string): Promise<number> {
  const init = signed(BODY, { 'X-Signature': signatureOf(BODY, secret) })
  return (await fetch(`${url}/webhook`, init)).status
}

test('takes new secrets from their files at SIGHUP', async () => {
  using folder = openFolder()
  writeFileSync(folder.file('current'), 'secret-number-one\n')
  writeFileSync(folder.file('previous'), 'secret-number-zero\n')
  await using service = startFromFiles(folder)
  const url = await service.url()
  expect(await statusOf(url, 'secret-number-one')).toBe(200)
  writeFileSync(folder.file('current'), 'secret-number-two\n')
  writeFileSync(folder.file('previous'), 'secret-number-one\n')
  expect(await statusOf(url, 'secret-number-two')).toBe(401)
  service.signal('SIGHUP')
  await service.logged('secrets read again')
  expect(await statusOf(url, 'secret-number-two')).toBe(200)
  expect(await statusOf(url, 'secret-number-one')).toBe(200)
  writeFileSync(folder.file('previous'), 'short')
  service.signal('SIGHUP')
  await service.logged('WEBHOOK_SECRET_PREVIOUS has fewer than 16 bytes: take more')
  await until('the old secret is refused', async () => {
    return (await statusOf(url, 'secret-number-one')) === 401
  })
  expect(await statusOf(url, 'secret-number-two')).toBe(200)
})

test('takes new secrets that were told of while it waited for the database', async () => {
  using folder = openFolder()
  const DATABASE_URL = `sqlite:///${folder.file('app.db')}`
  await using holder = startProcess({ DATABASE_URL })
  await holder.url()
  writeFileSync(folder.file('current'), 'secret-number-one')
  const settings = { WEBHOOK_SECRET: undefined, WEBHOOK_SECRET_FILE: folder.file('current') }
  await using next = startProcess({ DATABASE_URL, LOCK_WAIT_SECONDS: '20', ...settings })
  await next.logged('waiting for another process to leave the database')
  writeFileSync(folder.file('current'), 'secret-number-two')
  next.signal('SIGHUP')
  holder.signal('SIGTERM')
  const url = await next.url()
  await next.logged('secrets read again')
  expect(await statusOf(url, 'secret-number-two')).toBe(200)
})

test('takes new app secrets and a new verify token of WhatsApp at SIGHUP', async () => {
  using folder = openFolder()
  const [old, present] = ['the-app-secret-of-before', 'the-app-secret-of-today']
  const written = { current: old, previous: 'the-app-secret-long-ago', token: 'one token' }
  for (const [name, text] of Object.entries(written)) writeFileSync(folder.file(name), text)
  await using service = startProcess({
    DATABASE_URL: 'sqlite:///:memory:',
    WHATSAPP_APP_SECRET_FILE: folder.file('current'),
    WHATSAPP_APP_SECRET_PREVIOUS_FILE: folder.file('previous'),
    WHATSAPP_VERIFY_TOKEN_FILE: folder.file('token'),
  })
  const url = await service.url()
  const statuses = async () => {
    const requests = [old, present].map((secret) => post(messages(message('a')), secret))
    const answers = requests.map((init) => fetch(`${url}${PATH}`, init))
    const shake = fetch(`${url}${handshake({ verify_token: 'another token' })}`)
    return (await Promise.all([...answers, shake])).map(({ status }) => status)
  }
  expect(await statuses()).toEqual([200, 401, 403])
  const rewritten = { current: present, previous: old, token: 'another token' }
  for (const [name, text] of Object.entries(rewritten)) writeFileSync(folder.file(name), text)
  service.signal('SIGHUP')
  await service.logged('secrets read again')
  expect(await statuses()).toEqual([200, 200, 200])
})

test('keeps the old secrets at SIGHUP where the new ones are refused, and says why', async () => {
  using folder = openFolder()
  writeFileSync(folder.file('current'), 'secret-number-one\n')
  writeFileSync(folder.file('previous'), 'secret-number-zero\n')
  await using service = startFromFiles(folder)
  const url = await service.url()
  writeFileSync(folder.file('current'), '')
  writeFileSync(folder.file('previous'), 'whsec_!')
  service.signal('SIGHUP')
  await service.logged('settings refused: the old ones stay')
  const line = service
    .stdout()
    .split('\n')
    .find((each) => each.includes('settings refused'))
  const { level, problems } = JSON.parse(line ?? '')
  expect(level).toBe('ERROR')
  expect(problems).toEqual([
    expect.stringMatching(/^WEBHOOK_SECRET is missing or empty/),
    expect.stringMatching(/^WEBHOOK_SECRET_PREVIOUS must be base64 after whsec_/),
  ])
  expect(await statusOf(url, 'secret-number-one')).toBe(200)
  expect(await statusOf(url, 'secret-number-zero')).toBe(200)
  service.signal('SIGTERM')
  expect(await service.exited()).toBe(0)
})
