/** A route as clients see it. */
export interface Route {
  /** The path's template as OpenAPI writes it: `/messages/{message_id}`. */
  readonly template: string
  readonly methods: Set<string>
}

/** Every route, as the router has them: it takes long to load, and no delivery needs it. */
export const ROUTES = [
  { method: 'POST', path: '/webhook' },
  { method: 'GET', path: '/webhook/whatsapp' },
  { method: 'POST', path: '/webhook/whatsapp' },
  { method: 'GET', path: '/messages' },
  { method: 'GET', path: '/messages/:message_id' },
  { method: 'GET', path: '/stats' },
  { method: 'GET', path: '/stats/volume' },
  { method: 'GET', path: '/statuses' },
  { method: 'GET', path: '/statuses/:message_id' },
  { method: 'GET', path: '/notifications' },
  { method: 'GET', path: '/quarantine' },
  { method: 'GET', path: '/refusals' },
  { method: 'GET', path: '/health/live' },
  { method: 'GET', path: '/health/ready' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: '/assets/:name' },
] as const

/** Finds the route of a path, whatever the method; undefined for an unknown path. */
export type FindRoute = (path: string) => Route | undefined

const PARAMETER = /:([a-z_]+)/g

/**
 * Makes the finder from a list of routes, for metrics, 404 and 405. HEAD comes with every GET (RFC
 * 9110, 9.3.2).
 */
export function routeFinder(list: readonly { method: string; path: string }[]): FindRoute {
  const routes = new Map<string, Route>()
  for (const { method, path } of list) {
    const route = routes.get(path) ?? {
      template: path.replace(PARAMETER, '{$1}'),
      methods: new Set<string>(),
    }
    route.methods.add(method)
    if (method === 'GET') route.methods.add('HEAD')
    routes.set(path, route)
  }
  const patterns = [...routes].filter(([path]) => path.includes(':'))
  const dynamic = patterns.map(([path, route]) => ({
    form: new RegExp(`^${path.replace(PARAMETER, '[^/]+')}$`),
    route,
  }))
  return (path) => routes.get(path) ?? dynamic.find(({ form }) => form.test(path))?.route
}
