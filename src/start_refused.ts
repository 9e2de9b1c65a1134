/**
 * Thrown when the service cannot start for a reason that the operator can mend. Its message is
 * for the operator: a line for each problem, with what to do next. No stack trace is shown.
 */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}
