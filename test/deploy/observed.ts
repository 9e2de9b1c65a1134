import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of what is deployed beside ackbox. */
export const FOLDER = join(import.meta.dir, '../../deploy')

const readText = (path: string) => readFileSync(join(FOLDER, path), 'utf8')

/** One rule of alerts.yml. */
interface Alert {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const { groups } = Bun.YAML.parse(readText('prometheus/alerts.yml')) as {
  groups: { rules: Alert[] }[]
}

/** Every alert, in the order of its file. */
export const ALERTS: readonly Alert[] = groups.flatMap(({ rules }) => rules)

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

const { panels } = JSON.parse(readText('grafana/dashboards/ackbox.json')) as { panels: Panel[] }

/** Every expression of the dashboard, with its panel's title; rates are over so long a window. */
export const expressionsOver = (window: string): readonly (readonly [string, string])[] =>
  panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => [title, expr.replaceAll('$__rate_interval', window)] as const),
  )

/** The deployed scrape configuration with another target, place of the token, and pace. */
export function scrapeConfig(target: string, tokenPath: string, interval: string): string {
  return readText('prometheus/prometheus.yml')
    .replaceAll('15s', interval)
    .replace('- alerts.yml', `- ${join(FOLDER, 'prometheus/alerts.yml')}`)
    .replace('/run/ackbox/metrics_token', tokenPath)
    .replace('ackbox:8000', target)
}
