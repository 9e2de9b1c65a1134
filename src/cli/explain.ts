import { readFile } from 'node:fs/promises'
import { DEFAULT_SCHEME, isSchemeName, SCHEME_NAMES } from '../scheme.ts'
import { bytesOfSecret } from '../secret.ts'
import { type Explanation, explain } from '../signature/explain.ts'
import { refuseUsage } from './command.ts'
import type { Io } from './io.ts'
import { findPrevious, findSecret } from './secret.ts'

type ExplainArguments = {
  options: Parameters<typeof findSecret>[0] & {
    previous: string | undefined
    scheme: string | undefined
    at: string | undefined
    tolerance: number
  }
  positionals: readonly string[]
}

/** Lines as `Name: value`, as curl shows them; request lines and blank ones are passed over. */
function parseHeaders(text: string): Headers | { problem: string } {
  const headers = new Headers()
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(?:[<>] ?)?([A-Za-z0-9-]+):[ \t]*(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    try {
      headers.append(name, value)
    } catch {
      return { problem: `the header ${name} holds what no header can` }
    }
  }
  return headers
}

async function readInput(path: string, io: Io): Promise<Uint8Array | { problem: string }> {
  try {
    return path === '-' ? await new Response(io.stdin()).bytes() : await readFile(path)
  } catch (error) {
    return { problem: `cannot read ${path}: ${error instanceof Error ? error.message : error}` }
  }
}

async function explainInput({ options, positionals }: ExplainArguments, io: Io) {
  const { scheme, at, tolerance } = options
  if (scheme !== undefined && !isSchemeName(scheme)) {
    return { problem: `--scheme must be one of ${SCHEME_NAMES.join(', ')}` }
  }
  const receivedAt = at === undefined ? io.now() : Date.parse(at)
  if (Number.isNaN(receivedAt)) return { problem: '--at must be a date and time in ISO-8601' }
  const found = await findSecret(options, io.env)
  if ('problem' in found) return found
  const previous = await findPrevious(options.previous, io.env)
  if (previous !== undefined && 'problem' in previous) return previous
  const secrets = { current: found.secret, previous: previous?.secret }
  const broken = Object.values(secrets).some((each) => each && bytesOfSecret(each) === undefined)
  if (broken) return { problem: 'the secret is no base64 after whsec_' }
  const [bodyPath = '', headersPath = ''] = positionals
  const body = await readInput(bodyPath, io)
  if ('problem' in body) return body
  const text = await readInput(headersPath, io)
  if ('problem' in text) return text
  const headers = parseHeaders(new TextDecoder().decode(text))
  if ('problem' in headers) return headers
  const names = scheme === undefined ? SCHEME_NAMES : [scheme]
  return explain({ body, headers, receivedAt }, names, secrets, tolerance)
}

/** What is right, but taken at /webhook only where the settings say so. */
function condition({ valid, scheme }: Explanation): string[] {
  if (!valid || scheme === undefined || scheme === DEFAULT_SCHEME) return []
  return [`/webhook takes it where SIGNATURE_SCHEMES has ${scheme}, which it has not by default`]
}

function render(explanation: Explanation): string {
  const { valid, sentences } = explanation
  const lines = [...sentences, ...condition(explanation)].map((sentence) => `  ${sentence}\n`)
  return `${valid ? 'valid' : 'refused'}\n${lines.join('')}`
}

/**
 * `ackbox explain`: says in words what is wrong with a delivery's signature. Exit code 0 for one
 * that would be taken, 1 for one that would be refused, 2 for wrong usage.
 */
export async function explainCommand(args: ExplainArguments, io: Io): Promise<number> {
  const explanation = await explainInput(args, io)
  if ('problem' in explanation) return refuseUsage(io, explanation.problem, 'explain')
  io.stdout(render(explanation))
  return explanation.valid ? 0 : 1
}
