import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { SERVICE_METRICS } from '../../src/metrics/service.ts'
import { until } from '../support/deadline.ts'
import { openFolder } from '../support/folder.ts'
import { startProcess } from '../support/process.ts'
import { withProgram } from '../support/program.ts'
import { delivery } from '../support/signer.ts'
import { ALERTS, expressionsOver, scrapeConfig } from './observed.ts'
import { type Prometheus, type Series, startPrometheus } from './prometheus.ts'

// Above the deadlines of what is waited for, so that those say what did not happen.
setDefaultTimeout(30_000)

const METRICS_TOKEN = 'a-token-for-prometheus'
const EXPRESSIONS = expressionsOver('1m')

/** The names with which an expression selects series, and the labels it selects by. */
function selectorsOf(expression: string): string[] {
  const names = Object.values(SERVICE_METRICS).map(({ name }) => name)
  const form = new RegExp(
    `\\b(up|(?:${names.join('|')})(?:_bucket|_sum|_count)?)\\b(\\{[^}]*\\})?`,
    'g',
  )
  return [...expression.matchAll(form)].map(([, name, matchers = '']) => {
    const labels = [...matchers.matchAll(/([a-z_]+)=/g)].map(([, label]) => `${label}!=""`)
    return `${name}{${labels.join(',')}}`
  })
}

const isNumber = ({ value }: Series) => Number.isFinite(Number(value[1]))

/** Starts ackbox with a database of its own and a Prometheus that has scraped it under traffic. */
async function openWatch(program: string) {
  const folder = openFolder()
  const DATABASE_URL = `sqlite:///${folder.file('app.db')}`
  const service = startProcess({ DATABASE_URL, METRICS_TOKEN })
  const url = await service.url()
  writeFileSync(folder.file('token'), METRICS_TOKEN)
  const config = scrapeConfig(new URL(url).host, folder.file('token'), '200ms')
  const prometheus = await startPrometheus(program, config, folder)
  const created = 'webhook_requests_total{result="created"}'
  // What is counted between two scrapes is what rates are made of.
  await until('a first scrape', async () => (await prometheus.query(created)).length > 0)
  for (const message_id of ['a', 'b', 'b']) {
    await fetch(`${url}/webhook`, delivery({ message_id }))
  }
  await fetch(`${url}/health/ready`)
  await until('a rate', async () => (await prometheus.query(`rate(${created}[1m]) > 0`)).length)
  const close = async () => {
    await prometheus[Symbol.asyncDispose]()
    await service[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  }
  return { prometheus, close }
}

interface Rule {
  readonly name: string
  readonly health: string
  readonly state: string
}

/** Every rule with its state, once each has been evaluated. */
async function evaluatedRules({ ask }: Prometheus): Promise<readonly Rule[] | undefined> {
  const { groups } = (await ask('/api/v1/rules')) as { groups: { rules: Rule[] }[] }
  const all = groups.flatMap((group) => group.rules)
  return all.every(({ health }) => health !== 'unknown') ? all : undefined
}

withProgram('prometheus', (program) => {
  let watch: Awaited<ReturnType<typeof openWatch>>

  beforeAll(async () => {
    watch = await openWatch(program)
  })

  afterAll(() => watch.close())

  test('Prometheus scrapes it with its token, without a complaint', async () => {
    const { activeTargets } = (await watch.prometheus.ask('/api/v1/targets')) as {
      activeTargets: { health: string; lastError: string }[]
    }
    const states = activeTargets.map(({ health, lastError }) => ({ health, lastError }))
    expect(states).toEqual([{ health: 'up', lastError: '' }])
  })

  test.each(EXPRESSIONS)('Prometheus has figures for the panel %s: %s', async (_, expression) => {
    const series = await until(`figures for ${expression}`, async () => {
      const answer = await watch.prometheus.query(expression)
      return answer.some(isNumber) ? answer : undefined
    })
    expect(series.length).toBeGreaterThan(0)
  })

  test.each(ALERTS)('Prometheus has all that the alert $alert looks at', async ({ expr }) => {
    expect(await watch.prometheus.query(expr)).toEqual(expect.any(Array))
    const selectors = selectorsOf(expr)
    expect(selectors.length).toBeGreaterThan(0)
    for (const selector of selectors) {
      expect([selector, (await watch.prometheus.query(selector)).length]).not.toEqual([selector, 0])
    }
  })

  test('Prometheus evaluates every rule, and none fires', async () => {
    const rules = await until('all rules evaluated', () => evaluatedRules(watch.prometheus))
    expect(rules.map(({ name }) => name)).toEqual(ALERTS.map(({ alert }) => alert))
    expect(rules.map(({ health }) => health)).toEqual(ALERTS.map(() => 'ok'))
    expect(rules.filter(({ state }) => state === 'firing')).toEqual([])
  })
})
