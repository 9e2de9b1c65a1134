/** What the list is narrowed to; an empty text is no filter. Times are ISO 8601 in UTC. */
export interface Filters {
  readonly q: string
  readonly from: string
  readonly to: string
  readonly since: string
  readonly until: string
}

/** The names of the filters, as the page's address and the API have them. */
export const FILTER_NAMES = ['q', 'from', 'to', 'since', 'until'] as const

/** Reads the filters from the query of an address; what else is there is left alone. */
export function readFilters(search: string): Filters {
  const values = new URLSearchParams(search)
  const get = (name: string) => values.get(name) ?? ''
  return {
    q: get('q'),
    from: get('from'),
    to: get('to'),
    since: get('since'),
    until: get('until'),
  }
}

/** The filters that are set, as a query. */
export function filterQuery(filters: Filters): URLSearchParams {
  const query = new URLSearchParams()
  for (const name of FILTER_NAMES) if (filters[name] !== '') query.set(name, filters[name])
  return query
}

/** The page's own address with these filters and, where there is one, the message that is open. */
export function addressOf(filters: Filters, messageId?: string): string {
  const query = filterQuery(filters)
  if (messageId !== undefined) query.set('message', messageId)
  const text = query.toString()
  return text === '' ? '/' : `/?${text}`
}
