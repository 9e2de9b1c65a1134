import { type Counter, collectCounter, createCounter } from './counter.ts'
import type { Family } from './family.ts'
import { collectGauge, createGauge, type Gauge } from './gauge.ts'
import { createHistogram, type Histogram } from './histogram.ts'
import type { Registry } from './registry.ts'
import { createSummary, type Summary } from './summary.ts'

interface Described {
  readonly name: string
  readonly help: string
}

/** A row whose value a function gives at each scrape. */
interface CollectedRow extends Described {
  readonly kind: 'counter' | 'gauge'
  readonly labels: readonly []
  readonly collected: true
}

interface KeptRow extends Described {
  readonly kind: 'counter' | 'gauge'
  readonly labels: readonly string[]
}

interface HistogramRow extends Described {
  readonly kind: 'histogram'
  readonly labels: readonly string[]
  readonly bounds: readonly number[]
}

interface SummaryRow extends Described {
  readonly kind: 'summary'
  readonly labels: readonly string[]
  readonly quantiles: readonly number[]
}

type HandledRow = KeptRow | HistogramRow | SummaryRow

/** One metric as plain data: what it is called, what it means, its kind and its label names. */
type MetricRow = CollectedRow | HandledRow

/** Metrics by the name that code calls them. */
export type MetricTable = Readonly<Record<string, MetricRow>>

interface ChildOfKind {
  counter: Counter
  gauge: Gauge
  histogram: Histogram
  summary: Summary
}

type Handle<Row extends MetricRow> = Row['labels'] extends readonly []
  ? ChildOfKind[Row['kind']]
  : Family<ChildOfKind[Row['kind']], Row['labels']>

/** What code holds of a table: a child for a row without labels, a family for one with them. */
export type Handles<Table extends MetricTable> = {
  readonly [Key in keyof Table as Table[Key] extends CollectedRow ? never : Key]: Handle<Table[Key]>
}

/** The function behind each collected row of a table, in the unit of the row's name. */
export type Sources<Table extends MetricTable> = {
  readonly [Key in keyof Table as Table[Key] extends CollectedRow ? Key : never]: () => number
}

/** How a table is registered. */
interface MetricsOptions {
  /** Seconds since the Unix epoch: what counts says since when, where a format can say it. */
  readonly clock?: () => number
  /** Names of metrics that are not shown; their handles work all the same. */
  readonly hidden?: readonly string[]
}

/**
 * Registers every row of a table, in its order, and hands back the handles. Throws what
 * `Registry.register` and the constructors throw, and an Error for a collected row without source.
 */
export function createMetrics<Table extends MetricTable>(
  registry: Registry,
  table: Table,
  sources: Sources<Table>,
  { clock, hidden = [] }: MetricsOptions = {},
): Handles<Table> {
  const collects = new Map<string, () => number>(Object.entries(sources))
  const handles: Record<string, unknown> = {}
  for (const [key, row] of Object.entries(table)) {
    if ('collected' in row) {
      registerCollected(registry, row, collects.get(key))
      continue
    }
    const family = createRow(row, clock)
    if (!hidden.includes(row.name)) registry.register(family)
    handles[key] = row.labels.length === 0 ? family.labels() : family
  }
  // The loop gives each key what Handle says of its row; the compiler cannot follow it there.
  return handles as Handles<Table>
}

function registerCollected(registry: Registry, row: CollectedRow, collect?: () => number): void {
  if (collect === undefined) throw new Error(`metric ${row.name}: no function to collect it by`)
  const options = { name: row.name, help: row.help, collect }
  registry.register(row.kind === 'counter' ? collectCounter(options) : collectGauge(options))
}

function createRow(row: HandledRow, clock?: () => number) {
  switch (row.kind) {
    case 'counter':
      return createCounter({ ...row, clock })
    case 'gauge':
      return createGauge({ ...row, clock })
    case 'histogram':
      return createHistogram({ ...row, clock })
    case 'summary':
      return createSummary({ ...row, clock })
  }
}
