/** Where the path starts in an absolute URL: after the scheme and the authority. */
const pathStart = (url: string) => url.indexOf('/', url.indexOf('//') + 2)

const queryStart = (url: string) => {
  const index = url.indexOf('?')
  return index === -1 ? url.length : index
}

/** The path of a request's URL as it was sent, still percent-encoded. */
export function pathOf(url: string): string {
  return url.slice(pathStart(url), queryStart(url))
}

/** The query string of a request's URL with its question mark, as URLSearchParams takes it. */
export function searchOf(url: string): string {
  return url.slice(queryStart(url))
}
