const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ConnectionRefused: 'connection refused',
  ECONNRESET: 'connection reset',
  ConnectionClosed: 'connection reset',
  ENOTFOUND: 'host not found',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
}

/**
 * Why `fetch` gave no answer, in few words: of the known codes ours, otherwise the code itself.
 * A deadline shows as an aborted request, since only deadlines abort ours.
 */
export function explainNetworkFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return WORDS[error.name] ?? WORDS[code] ?? code
}
