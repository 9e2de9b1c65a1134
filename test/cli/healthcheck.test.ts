import { afterEach, describe, expect, test } from 'bun:test'
import { readinessUrl } from '../../src/cli/healthcheck.ts'
import { openConsole } from './console.ts'

const servers: Bun.Server<undefined>[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop(true)
})

function answer(fetch: (request: Request) => Response | Promise<Response>): string {
  const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch })
  servers.push(server)
  return String(server.port)
}

const READY = { status: 'ready' }

describe('ackbox healthcheck', () => {
  test('asks /health/ready on HOST and PORT and exits with 0 when ready', async () => {
    const PORT = answer(({ method, url }) =>
      method === 'GET' && new URL(url).pathname === '/health/ready'
        ? Response.json(READY)
        : new Response(null, { status: 404 }),
    )
    const console = openConsole({ env: { HOST: '0.0.0.0', PORT } })
    expect(await console.run('healthcheck')).toBe(0)
    expect(console.err()).toBe('')
  })

  test('asks the given URL instead', async () => {
    const port = answer(() => Response.json(READY))
    const console = openConsole({ env: { PORT: '1' } })
    expect(await console.run('healthcheck', '--url', `http://127.0.0.1:${port}/x`)).toBe(0)
  })

  const failures: [string, () => Response][] = [
    [
      '503 storage full',
      () => Response.json({ status: 'not ready', reason: 'storage full' }, { status: 503 }),
    ],
    ['404 without a reason', () => new Response('nothing', { status: 404 })],
    ['503 without a reason', () => Response.json(READY, { status: 503 })],
    ['302 without a reason', () => Response.redirect('/health/ready', 302)],
    ['it answers something else', () => Response.json({ status: 'ok' })],
    ['it answers something else', () => new Response('ready')],
    ['it answers something else', () => new Response('null')],
    ['it answers something else', () => new Response(`${' '.repeat(70_000)}{"status":"ready"}`)],
  ]
  test.each(failures)('exits with 1 and says %p', async (reason, response) => {
    const PORT = answer(response)
    const console = openConsole({ env: { PORT } })
    expect(await console.run('healthcheck')).toBe(1)
    expect(console.err()).toBe(
      `ackbox: http://127.0.0.1:${PORT}/health/ready is not ready: ${reason}\n`,
    )
  })

  test('exits with 1 when nobody listens', async () => {
    const console = openConsole({ env: { PORT: '1' } })
    expect(await console.run('healthcheck')).toBe(1)
    expect(console.err()).toEndWith('is not ready: connection refused\n')
  })

  test('exits with 1 when no answer comes in time', async () => {
    const silence = Promise.withResolvers<Response>()
    const PORT = answer(() => silence.promise)
    const console = openConsole({ env: { PORT } })
    expect(await console.run('healthcheck', '--timeout', '0.05')).toBe(1)
    expect(console.err()).toEndWith('is not ready: timeout\n')
    silence.resolve(Response.json(READY))
  })

  test('exits with 1 for settings that make no URL', async () => {
    const console = openConsole({ env: { PORT: 'eighty' } })
    expect(await console.run('healthcheck')).toBe(1)
    expect(console.err()).toContain('check HOST and PORT')
  })

  test.each([
    [{}, 'http://127.0.0.1:8000/health/ready'],
    [{ HOST: '', PORT: '' }, 'http://127.0.0.1:8000/health/ready'],
    [{ HOST: '0.0.0.0', PORT: '9' }, 'http://127.0.0.1:9/health/ready'],
    [{ HOST: '::' }, 'http://[::1]:8000/health/ready'],
    [{ HOST: '::1' }, 'http://[::1]:8000/health/ready'],
    [{ HOST: 'example.org' }, 'http://example.org:8000/health/ready'],
  ])('finds the address of %p', (env, url) => {
    expect(readinessUrl(env)).toBe(url)
  })
})
