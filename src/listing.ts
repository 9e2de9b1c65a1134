import type { KeptKind } from './kept.ts'
import type { Fault } from './outcome.ts'
import { type Asked, askPage, readBounds, type Window } from './page.ts'
import { Parameters } from './parameters.ts'

/** Which statuses to list, by the time of the furthest step and then by id. */
export interface StatusQuery extends Window {
  readonly recipient?: string
  readonly status?: string
  /** Earliest time of the furthest step, inclusive, in microseconds since the Unix epoch. */
  readonly since?: bigint
}

/** What of that which was kept raw to list, in the order of arrival. */
export interface KeptQuery extends Window {
  readonly kind: KeptKind
  /** A notification's field, a reason. */
  readonly label?: string
}

/** Reads the query of GET /statuses. */
export function parseStatusQuery(values: URLSearchParams): Asked<StatusQuery> {
  return askPage(new Parameters(values), 'statuses', (parameters) => ({
    ...parameters.present('recipient', parameters.number('recipient')),
    ...parameters.present('status', parameters.filter('status')),
    ...parameters.present('since', parameters.instant('since')),
  }))
}

/** Which refusals to list. */
interface RefusalQuery extends Omit<Window, 'after'> {
  readonly reason?: string
}

/** Reads the query of GET /refusals. */
export function parseRefusalQuery(values: URLSearchParams): RefusalQuery | readonly Fault[] {
  const parameters = new Parameters(values)
  const bounds = readBounds(parameters)
  const query = { ...bounds, ...parameters.present('reason', parameters.filter('reason')) }
  return parameters.faults.length > 0 ? parameters.faults : query
}

/** Reads the query of GET /notifications or GET /quarantine; `name` is the label's parameter. */
export function parseKeptQuery(
  values: URLSearchParams,
  kind: KeptKind,
  name: 'field' | 'reason',
): Asked<KeptQuery> {
  return askPage(new Parameters(values), kind, (parameters) => ({
    kind,
    ...parameters.present('label', parameters.filter(name)),
  }))
}
