import { KINDS, type Kind } from './kinds.ts'
import type { Subject } from './subject.ts'
import { ask, type Timing, timeAll } from './timing.ts'

/** What a kind of read took on each subject, in the subjects' order. */
export interface Line {
  readonly name: string
  readonly kind?: Kind
  readonly timings: readonly Timing[]
}

async function timed(subject: Subject, paths: readonly string[], warmup: number): Promise<Timing> {
  const { patience } = subject
  const { url } = subject.server()
  if (warmup > 0) {
    const warm = await timeAll(url, paths.slice(0, warmup), patience)
    if (warm.failures.late !== undefined) {
      await subject.restart()
      return warm
    }
  }
  const timing = await timeAll(url, paths.slice(warmup), patience)
  if (timing.failures.late !== undefined) await subject.restart()
  return timing
}

/** The links that pages answer; the plain design has none, and its pages are asked for instead. */
async function follow({ plain, patience, server }: Subject, paths: string[]): Promise<string[]> {
  if (plain) return paths
  const links: string[] = []
  for (const path of paths) {
    const { next } = await ask(server().url + path, patience.requestMilliseconds)
    if (next === undefined) throw new Error(`${path} answers no link to a next page`)
    links.push(next)
  }
  return links
}

async function timeKind(kind: Kind, subject: Subject): Promise<Timing> {
  const { draw, requests, warmup } = subject
  const paths = Array.from({ length: requests + warmup }, () => kind.path(draw))
  return timed(subject, kind.follow ? await follow(subject, paths) : paths, warmup)
}

/** Each needle once, as nobody has asked for it before. */
function timeCold(subject: Subject, needles: readonly string[]): Promise<Timing> {
  const paths = needles.map((needle) => `/messages?q=${encodeURIComponent(needle)}`)
  return timed(subject, paths, 0)
}

async function each(subjects: readonly Subject[], time: (subject: Subject) => Promise<Timing>) {
  const timings: Timing[] = []
  for (const subject of subjects) timings.push(await time(subject))
  return timings
}

/** Needles whose totals are counted cold. */
export interface ColdNeedles {
  readonly common: readonly string[]
  readonly quarter: readonly string[]
}

/**
 * Times all kinds of read. The subjects take turns within each kind, so that the machine's other
 * work falls on all alike. Cold totals come first, before the server knows any.
 */
export async function measureReads(
  subjects: readonly Subject[],
  { common, quarter }: ColdNeedles,
  say: (what: string) => void,
): Promise<Line[]> {
  say('cold totals')
  const cold: Line[] = [
    {
      name: 'q, in one of 8 to 20 rows, total cold',
      timings: await each(subjects, (subject) => timeCold(subject, common)),
    },
    {
      name: 'q, in a quarter of all rows, total cold',
      timings: await each(subjects, (subject) => timeCold(subject, quarter)),
    },
  ]
  const lines: Line[] = []
  for (const kind of KINDS) {
    say(kind.name)
    const timings = await each(subjects, (subject) => timeKind(kind, subject))
    lines.push({ name: kind.name, kind, timings })
  }
  return [...lines, ...cold]
}
