import { getMetrics, Refused } from './api.ts'
import { make } from './element.ts'
import { byLabel, growth, quantileOf, readSamples, type Samples } from './exposition.ts'

const RESULTS = /^webhook_requests_total\{/
const DURATIONS = /^http_request_duration_seconds_bucket\{.*path="\/webhook"/
const ACCEPTED = ['created', 'duplicate']

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

function bytes(value: number): string {
  if (!Number.isFinite(value)) return 'in memory'
  const unit = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), UNITS.length - 1)
  return `${(value / 1000 ** unit).toFixed(unit === 0 ? 0 : 1)} ${UNITS[unit]}`
}

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0)

function refusedText(results: Map<string, number>): string {
  const refused = [...results].filter(([name, count]) => !ACCEPTED.includes(name) && count > 0)
  const shown = refused.map(([name, count]) => `${name.replaceAll('_', ' ')} ${count}`)
  return shown.length === 0 ? 'none' : shown.join(', ')
}

/** One look at the metrics, and when it was taken in milliseconds. */
interface Look {
  readonly samples: Samples
  readonly time: number
}

function factsOf(now: Look, before: Look | undefined): [string, string][] {
  const results = byLabel(now.samples, RESULTS, 'result')
  const seconds = before === undefined ? 0 : (now.time - before.time) / 1000
  const grown = growth(results, before && byLabel(before.samples, RESULTS, 'result'))
  const rate = seconds > 0 ? sum(grown.values()) / seconds : Number.NaN
  const durations = byLabel(now.samples, DURATIONS, 'le')
  const recent = growth(durations, before && byLabel(before.samples, DURATIONS, 'le'))
  const busy = (recent.get('+Inf') ?? 0) > 0
  const p99 = quantileOf(0.99, busy ? recent : durations)
  const database = now.samples.get('ackbox_database_bytes') ?? Number.NaN
  const free = now.samples.get('ackbox_disk_free_bytes') ?? Number.NaN
  return [
    ['Deliveries', Number.isFinite(rate) ? `${rate.toFixed(1)}/s` : '...'],
    ['p99', Number.isFinite(p99) ? `${(p99 * 1000).toFixed(1)} ms` : 'none yet'],
    ['Refused', refusedText(results)],
    ['Storage', bytes(database) + (Number.isFinite(free) ? `, ${bytes(free)} free` : '')],
  ]
}

/** Shows what the service is doing each time it is called; rates are since the last call. */
export function openGlance(list: HTMLElement): () => Promise<void> {
  let before: Look | undefined
  const show = (facts: readonly (readonly [string, string])[]) =>
    list.replaceChildren(
      ...facts.map(([name, value]) =>
        make('div', {}, make('dt', { textContent: name }), make('dd', { textContent: value })),
      ),
    )
  return async () => {
    try {
      const now = { samples: readSamples(await getMetrics()), time: performance.now() }
      show(factsOf(now, before))
      before = now
    } catch (error) {
      const closed = error instanceof Refused && error.status === 401
      show([['Metrics', closed ? 'want the METRICS_TOKEN' : 'no answer']])
    }
  }
}
