import { refuseUsage } from './command.ts'
import { type Interruption, listenForStop } from './interruption.ts'
import type { Io } from './io.ts'
import { LINE_BYTES_MAX, type Line } from './lines.ts'
import { type Outbox, openOutbox } from './outbox.ts'
import { createPostman, type Outcome, type Postman } from './postman.ts'
import { type Progress, showProgress } from './progress.ts'
import { findRoute, type RouteOptions } from './route.ts'
import { count, countDone, countMissing, renderTally, startTally, type Tally } from './tally.ts'
import { wrapForWhatsApp } from './wrap.ts'

type SendArguments = Parameters<typeof openOutbox>[0] & {
  options: RouteOptions & { concurrency: number }
}

const TOO_LONG: Outcome = {
  result: 'refused',
  reason: `not sent, a line longer than ${LINE_BYTES_MAX} bytes`,
}

/**
 * Signs and posts one message, or every line of a file or of standard input, and prints the
 * counts. Exit code 0 only when each got a 200, 1 when some did not, 2 for wrong usage, 128 + n
 * after a signal, which lets the posts under way finish; a second signal does not wait for them.
 */
export async function send(args: SendArguments, io: Io): Promise<number> {
  const found = await findRoute(args.options, io.env)
  if ('problem' in found) return refuseUsage(io, found.problem, 'send')
  const interruption = listenForStop(io)
  try {
    const outbox = await openOutbox(args, io, interruption.stop)
    if ('problem' in outbox) return refuseUsage(io, outbox.problem, 'send')
    const lanes = outbox.isSingle ? 1 : args.options.concurrency
    const plain = createPostman(found, io)
    const postman = args.options.whatsapp ? wrapForWhatsApp(plain) : plain
    const code = await empty(outbox, postman, lanes, interruption, io)
    return interruption.exitCode() ?? code
  } finally {
    interruption.forget()
  }
}

/** Posts all there is, at most `lanes` at a time, and prints the counts; resolves to 0 or 1. */
async function empty(
  outbox: Outbox,
  postman: Postman,
  lanes: number,
  { stop, hurry }: Interruption,
  io: Io,
): Promise<0 | 1> {
  const tally = startTally()
  let bytesDone = 0
  const handle = async ({ bytes, number, end }: Line) => {
    count(tally, bytes === undefined ? TOO_LONG : await postman(bytes, stop), number)
    bytesDone = Math.max(bytesDone, end)
  }
  const read = () => readProgress(tally, bytesDone, outbox.bytesTotal)
  const hideProgress = outbox.isSingle ? () => undefined : showProgress(io, read)
  const work = Array.from({ length: lanes }, () => runLane(outbox.lines, stop, handle))
  const ends = (await Promise.race([Promise.allSettled(work), hurry])) ?? []
  hideProgress()
  io.stdout(renderTally(tally))
  const broken = ends.find((lane) => lane.status === 'rejected')
  if (broken !== undefined) io.stderr(`ackbox: the input broke off: ${broken.reason}\n`)
  return broken === undefined && countMissing(tally) === 0 ? 0 : 1
}

/** One post at a time; the lanes share the reader, which queues their calls. */
async function runLane(
  lines: AsyncGenerator<Line>,
  stop: AbortSignal,
  handle: (line: Line) => Promise<void>,
): Promise<void> {
  for (;;) {
    const next = await lines.next()
    if (next.done || stop.aborted) return
    await handle(next.value)
  }
}

function readProgress(tally: Tally, bytesDone: number, bytesTotal: number | undefined): Progress {
  return {
    done: countDone(tally),
    missing: countMissing(tally),
    fraction: bytesTotal === undefined ? undefined : Math.min(1, bytesDone / bytesTotal),
  }
}
