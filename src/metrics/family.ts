import type { Metric, MetricKind, Sampled } from './metric.ts'

/**
 * How many children one metric may have. Each is a series the scraper keeps for ever, so the set
 * of labels must not grow with traffic; a thousand is far above what any table of ours needs.
 */
export const CHILDREN_MAX = 1000

/** The value of every label of the child that takes what came after `CHILDREN_MAX` children. */
const OVERFLOW_VALUE = 'other'

/** What every metric is made from; `labels` are label names, none when left out. */
export interface FamilyOptions<Names extends readonly string[]> {
  readonly name: string
  readonly help: string
  readonly labels?: Names
  /** Default `CHILDREN_MAX`; the overflow child comes on top of it. */
  readonly childrenMax?: number
  /** Seconds since the Unix epoch, to note when each child was made. */
  readonly clock?: (() => number) | undefined
}

/** One string for each label name, in the same order. */
type LabelValues<Names extends readonly string[]> = { readonly [I in keyof Names]: string }

/** A metric with one child for each set of label values. */
export interface Family<Child, Names extends readonly string[]> extends Metric {
  /**
   * The child with these label values, made at 0 when it is new; keep it where the path is hot.
   * Past the bound on children, new values all get the one child labelled `other`.
   * Throws a RangeError when the number of values is not the number of label names.
   */
  labels(...values: LabelValues<Names>): Child
}

interface Kept<Child> {
  readonly labelValues: readonly string[]
  readonly child: Child
  readonly createdAt: number | undefined
}

/**
 * Makes a metric of children. Without labels its only child exists from the start, because a
 * series that appears with its first event hides that event from `rate()`.
 */
export function createFamily<Child extends Sampled, const Names extends readonly string[]>(
  kind: MetricKind,
  options: FamilyOptions<Names>,
  createChild: () => Child,
): Family<Child, Names> {
  const { name, help, childrenMax = CHILDREN_MAX, clock } = options
  const labelNames: readonly string[] = options.labels ?? []
  const children = new Map<string, Kept<Child>>()

  function add(labelValues: readonly string[]): Child {
    const child = createChild()
    const createdAt = clock?.()
    children.set(keyOf(labelValues), { labelValues, child, createdAt })
    return child
  }

  function overflow(): Child {
    const labelValues = labelNames.map(() => OVERFLOW_VALUE)
    return children.get(keyOf(labelValues))?.child ?? add(labelValues)
  }

  function labels(...values: LabelValues<Names>): Child {
    if (values.length !== labelNames.length) {
      throw new RangeError(`${name} takes ${labelNames.length} label values, not ${values.length}`)
    }
    // Unpaired surrogates all become U+FFFD in UTF-8; kept apart they would be one series twice.
    const labelValues = values.map((value) => value.toWellFormed())
    const known = children.get(keyOf(labelValues))
    if (known !== undefined) return known.child
    return children.size < childrenMax ? add(labelValues) : overflow()
  }

  const series = () =>
    Array.from(children.values(), ({ labelValues, child, createdAt }) => ({
      labelValues,
      samples: child.samples(),
      ...(createdAt !== undefined && { createdAt }),
    }))

  if (labelNames.length === 0) add([])
  return { kind, name, help, labelNames, labels, series }
}

// Each value carries its length, so that no two lists of values share a key.
function keyOf(values: readonly string[]): string {
  let key = ''
  for (const value of values) key += `${value.length}:${value}`
  return key
}
