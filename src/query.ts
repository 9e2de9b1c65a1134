import { type Asked, askPage, type Window } from './page.ts'
import { Parameters } from './parameters.ts'

/** The schemas of answers, which take long to load, are in a file of their own. */
export type { PageAnswer, Stats, Volume } from './schema.ts'

/** Which messages to list: filters combine with AND; a filter that is absent matches all. */
export interface ListQuery extends Window {
  /** Whether the latest instant comes first; the earliest does otherwise. */
  readonly descending?: boolean
  /** Exact sender. */
  readonly from?: string
  /** Exact recipient. */
  readonly to?: string
  /** Earliest instant of `ts`, inclusive, in microseconds since the Unix epoch. */
  readonly since?: bigint
  /** Latest instant of `ts`, exclusive, in microseconds since the Unix epoch. */
  readonly until?: bigint
  /** Substring of `text`, ignoring case in every script; every character stands for itself. */
  readonly q?: string
}

/** Reads the query of GET /messages. */
export function parseListQuery(values: URLSearchParams): Asked<ListQuery> {
  return askPage(new Parameters(values), 'messages', (parameters) => ({
    ...(parameters.choice('order', ['asc', 'desc']) === 'desc' && { descending: true }),
    ...parameters.present('from', parameters.number('from')),
    ...parameters.present('to', parameters.number('to')),
    ...parameters.present('since', parameters.instant('since')),
    ...parameters.present('until', parameters.instant('until')),
    ...parameters.present('q', parameters.filter('q')),
  }))
}
