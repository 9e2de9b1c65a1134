import { DEFAULT_SCHEME, SCHEME_NAMES, type SchemeName } from './scheme.ts'
import { bytesOfSecret } from './secret.ts'
import { StartRefused } from './start_refused.ts'

/** Least important line that is logged; the names are the contract's. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR'

const LOG_LEVELS: readonly string[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] satisfies LogLevel[]

/** Where the messages are kept. `:memory:` is SQLite's name for a database in memory. */
interface DatabaseLocation {
  readonly engine: 'sqlite'
  readonly path: string
}

/** A value that a setting does not take; the message says what it does take. */
class Unfit extends Error {}

/** One setting: all that parsing, help and documents need to know of it. */
interface Setting<T> {
  /**
   * The text that stands for an unset or empty variable; absent when it must be set. The empty
   * text stands for none: the setting may stay unset.
   */
  readonly default?: string
  readonly help: string
  /** A secret may also come from the file that NAME_FILE names, and is never shown. */
  readonly secret?: true
  /** Throws Unfit. */
  readonly parse: (text: string) => T
}

const setting = <T>(setting: Setting<T>) => setting

const integer = (min: number, max: number) => (text: string) => {
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) {
    throw new Unfit(`must be a whole number from ${min} to ${max}`)
  }
  return value
}

function parseLogLevel(text: string): LogLevel {
  const level = text.toUpperCase()
  if (!LOG_LEVELS.includes(level)) throw new Unfit(`must be one of ${LOG_LEVELS.join(', ')}`)
  return level as LogLevel
}

function parseSwitch(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw new Unfit('must be on or off')
  return text === 'on'
}

function parseDatabaseUrl(text: string): DatabaseLocation {
  const path = /^sqlite:\/\/\/(.+)$/s.exec(text)?.[1]
  if (path === undefined) {
    throw new Unfit(
      'must be sqlite:////absolute/path, sqlite:///relative/path or sqlite:///:memory:',
    )
  }
  // bun:sqlite would trim them, and open another file than the one that was looked at and locked.
  if (path !== path.trim()) throw new Unfit('must be without blanks or line ends around its path')
  return { engine: 'sqlite', path }
}

/** Bytes that are no UTF-8 have become U+FFFD by now: as a key they would match no sender's. */
function parseSecret(text: string): string {
  if (text.includes('\ufffd')) throw new Unfit('must be UTF-8 text: write random bytes as hex')
  if (bytesOfSecret(text) === undefined) {
    throw new Unfit('must be base64 after whsec_: copy the whole secret')
  }
  return text
}

/** For a setting that may stay unset: the empty text is none. */
const unlessEmpty =
  <T>(parse: (text: string) => T) =>
  (text: string) =>
    text === '' ? undefined : parse(text)

/** A comma-separated list of names, each once. */
function parseSchemes(text: string): readonly SchemeName[] {
  const names = text.split(',').map((name) => name.trim())
  const known = SCHEME_NAMES.filter((name) => names.includes(name))
  if (known.length === names.length) return known
  throw new Unfit(`must be some of ${SCHEME_NAMES.join(', ')}, each once`)
}

/** What an Authorization header can carry as a bearer token (RFC 6750, 2.1), or none. */
function parseToken(text: string): string | undefined {
  if (text === '') return undefined
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(text)) {
    throw new Unfit('must be letters, digits and . _ ~ + / - with = only at the end')
  }
  return text
}

/** Every environment variable that the service reads, in the order of the README's table. */
export const SETTINGS = {
  WEBHOOK_SECRET: setting({
    help: 'Key of the HMAC that senders sign with.',
    secret: true,
    parse: parseSecret,
  }),
  WEBHOOK_SECRET_PREVIOUS: setting({
    default: '',
    help: 'A second secret that is valid too, while senders change from it to the new one.',
    secret: true,
    parse: unlessEmpty(parseSecret),
  }),
  SIGNATURE_SCHEMES: setting({
    default: DEFAULT_SCHEME,
    help: `Signatures that /webhook takes: some of ${SCHEME_NAMES.join(', ')}.`,
    parse: parseSchemes,
  }),
  TOLERANCE_SECONDS: setting({
    default: '300',
    help: 'How far the time in a signature may lie from ours, either way.',
    parse: integer(1, 86_400),
  }),
  WHATSAPP_APP_SECRET: setting({
    default: '',
    help: 'Secret of the Meta app, which signs what WhatsApp sends.',
    secret: true,
    parse: unlessEmpty(parseSecret),
  }),
  WHATSAPP_APP_SECRET_PREVIOUS: setting({
    default: '',
    help: 'A second app secret that is valid too, while the one in Meta is reset.',
    secret: true,
    parse: unlessEmpty(parseSecret),
  }),
  WHATSAPP_VERIFY_TOKEN: setting({
    default: '',
    help: 'What Meta must say to be told that /webhook/whatsapp is ours; both turn it on.',
    secret: true,
    parse: unlessEmpty(parseSecret),
  }),
  DATABASE_URL: setting({
    default: 'sqlite:////data/app.db',
    help: 'Where messages are kept: sqlite:/// and a path, or sqlite:///:memory:.',
    parse: parseDatabaseUrl,
  }),
  API_TOKEN: setting({
    default: '',
    help: 'Bearer token that readers of messages and stats must show.',
    secret: true,
    parse: parseToken,
  }),
  METRICS_TOKEN: setting({
    default: '',
    help: 'Bearer token that a scraper of /metrics must show.',
    secret: true,
    parse: parseToken,
  }),
  LOG_LEVEL: setting({
    default: 'INFO',
    help: 'Least important line to log: DEBUG, INFO, WARNING or ERROR.',
    parse: parseLogLevel,
  }),
  HOST: setting({
    default: '0.0.0.0',
    help: 'Address to listen on.',
    parse: (text) => text,
  }),
  PORT: setting({
    default: '8000',
    help: 'Port to listen on; 0 takes a free one.',
    parse: integer(0, 65_535),
  }),
  REQUEST_LATENCY_MS: setting({
    default: 'on',
    help: 'Whether /metrics has request_latency_ms, whose unit promtool refuses: on or off.',
    parse: parseSwitch,
  }),
  REFUSED_BODIES: setting({
    default: 'off',
    help: 'Whether /refusals also keeps the first 64 KiB of bodies, in memory: on or off.',
    parse: parseSwitch,
  }),
  BODY_BYTES_MAX: setting({
    default: '1048576',
    help: 'Largest body of a delivery; a larger one is refused while it is read.',
    parse: integer(1, 1_073_741_824),
  }),
  QUEUE_MESSAGES_MAX: setting({
    default: '8192',
    help: 'Most messages that wait for the disk; more are asked to come back later.',
    parse: integer(1, 1_000_000),
  }),
  WAL_BYTES_MAX: setting({
    default: '268435456',
    help: 'Size from which the write-ahead log waits for its readers, to begin anew.',
    parse: integer(1_048_576, 1_099_511_627_776),
  }),
  DISK_FREE_BYTES_MIN: setting({
    default: '268435456',
    help: 'Space to keep free on the disk: with less, deliveries are asked to come back later.',
    parse: integer(0, 1_099_511_627_776),
  }),
  QUERY_SECONDS: setting({
    default: '10',
    help: 'Longest time that one page of messages may take.',
    parse: integer(1, 3600),
  }),
  LOCK_WAIT_SECONDS: setting({
    default: '0',
    help: 'How long a start waits for another process to leave the database; 0 is refused at once.',
    parse: integer(0, 3600),
  }),
  SHUTDOWN_SECONDS: setting({
    default: '10',
    help: 'Longest time that an orderly stop may take.',
    parse: integer(1, 3600),
  }),
} as const

type Settings = typeof SETTINGS

/** The settings' values, by the names of their variables. */
export type Config = { readonly [K in keyof Settings]: ReturnType<Settings[K]['parse']> }

/** Where settings come from. */
interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Reads a whole text file; throws when it cannot. */
  readonly readFile: (path: string) => string
}

function readSecretFile(path: string, environment: Environment): string {
  try {
    return environment.readFile(path).replace(/\r?\n$/, '')
  } catch (error) {
    throw new Unfit(
      `cannot be read from its file: ${error instanceof Error ? error.message : error}`,
    )
  }
}

/** The setting's text from the variable or, for a secret, from the file NAME_FILE names. */
function textOf(name: string, setting: Setting<unknown>, environment: Environment): string {
  const value = environment.variables[name] || undefined
  const path = setting.secret && (environment.variables[`${name}_FILE`] || undefined)
  if (value !== undefined && path) throw new Unfit(`and ${name}_FILE are both set: keep one`)
  const text = value ?? (path ? readSecretFile(path, environment) : setting.default)
  if (text) return text
  // A file that is empty is no way to leave a secret unset: somebody meant to have one.
  if (setting.default === '' && !path) return ''
  const hint = setting.secret ? `set it, or ${name}_FILE to a file that holds it` : 'set it'
  throw new Unfit(`is missing or empty: ${hint}`)
}

/**
 * Reads these settings from the environment, and asks for no other. An empty variable counts as
 * unset. Throws StartRefused with one line for each problem, all at once; a secret's value is
 * never in it.
 */
export function parseSettings<K extends keyof Settings>(
  names: readonly K[],
  environment: Environment,
): Pick<Config, K> {
  const problems: string[] = []
  const entries = names.map((name) => {
    const setting: Setting<unknown> = SETTINGS[name]
    try {
      return [name, setting.parse(textOf(name, setting, environment))]
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${name} ${error.message}`)
      return [name, undefined]
    }
  })
  if (problems.length > 0) throw new StartRefused(problems.join('\n'))
  return Object.fromEntries(entries) as Pick<Config, K>
}

/** Reads all settings; see parseSettings. */
export function parseConfig(environment: Environment): Config {
  return parseSettings(Object.keys(SETTINGS) as (keyof Settings)[], environment)
}
