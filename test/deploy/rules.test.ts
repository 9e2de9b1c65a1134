import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withProgram } from '../support/program.ts'
import { startService } from '../support/service.ts'
import { delivery } from '../support/signer.ts'
import { ALERTS, FOLDER } from './observed.ts'

interface RuleTests {
  tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
}

test('each alert has a case in which it fires', () => {
  const text = readFileSync(join(FOLDER, 'prometheus/alerts.test.yml'), 'utf8')
  const { tests } = Bun.YAML.parse(text) as RuleTests
  const fired = tests
    .flatMap((each) => each.alert_rule_test)
    .filter((each) => each.exp_alerts.length > 0)
    .map((each) => each.alertname)
  expect(fired.toSorted()).toEqual(ALERTS.map(({ alert }) => alert).toSorted())
})

withProgram('promtool', (promtool) => {
  const run = async (args: string[], input = '') => {
    const options = { stdin: new Blob([input]), stdout: 'pipe', stderr: 'pipe' } as const
    const child = Bun.spawn([promtool, ...args], options)
    const [code, out, err] = await Promise.all([
      child.exited,
      child.stdout.text(),
      child.stderr.text(),
    ])
    return { code, text: out + err }
  }

  test('promtool takes the scrape configuration and the rules', async () => {
    const config = join(FOLDER, 'prometheus/prometheus.yml')
    const { code, text } = await run(['check', 'config', '--syntax-only', config])
    expect([code, text]).toEqual([0, expect.stringContaining('SUCCESS')])
    const rules = await run(['check', 'rules', join(FOLDER, 'prometheus/alerts.yml')])
    expect([rules.code, rules.text]).toEqual([0, expect.stringContaining('SUCCESS')])
  })

  test('promtool finds that the alerts fire when they should, and only then', async () => {
    const { code, text } = await run(['test', 'rules', join(FOLDER, 'prometheus/alerts.test.yml')])
    expect([code, text]).toEqual([0, expect.stringContaining('SUCCESS')])
  })

  test.each([
    ['on', ['request_latency_ms metric names should not contain abbreviated units']],
    ['off', []],
  ] as const)(
    'promtool accepts every metric, with REQUEST_LATENCY_MS=%s but that one',
    async (value, complaints) => {
      await using service = await startService({ REQUEST_LATENCY_MS: value })
      await service.request('/webhook', delivery())
      const metrics = await (await service.request('/metrics')).text()
      const { text } = await run(['check', 'metrics'], metrics)
      expect(text.split('\n').filter((line) => line !== '')).toEqual([...complaints])
    },
  )
})
