import { swagger } from '@elysiajs/swagger'
import { type TSchema, Type } from '@sinclair/typebox'
import { type AnyElysia, Elysia } from 'elysia'
import { version } from '../../../package.json'
import { NotificationRecord, QuarantineRecord, StatusRecord } from '../../records.ts'
import { ListedMessage, Message, PageAnswer, Stats, StoredMessage, Volume } from '../../schema.ts'
import { SNIPPETS } from '../../web/snippet.ts'
import { schemaOf } from './answers.ts'

const Fault = Type.Object({
  type: Type.String({ description: 'A code for programs.' }),
  loc: Type.Array(Type.String(), { description: 'Where it is: body or query, and its name.' }),
  msg: Type.String({ description: 'What is wanted; never the value that was sent.' }),
})

const status = (text: string) => Type.Object({ status: Type.Literal(text) })

const MESSAGES = { type: 'array', items: schemaOf('Message') }

const pageOf = (row: TSchema) => ({
  ...PageAnswer,
  properties: { ...PageAnswer.properties, data: Type.Array(row) },
})

const orNull = (schema: TSchema) => Type.Union([schema, Type.Null()])

/** Refusal of refusals.ts, as JSON has it. */
const RefusalRecord = Type.Object({
  ts: Type.String({ description: 'When it was refused.' }),
  path: Type.String(),
  reason: Type.String({ description: 'A result, as in webhook_requests_total.' }),
  faults: Type.Array(Fault),
  scheme: orNull(Type.String()),
  body_bytes: orNull(Type.Integer()),
  body_sha256: orNull(Type.String()),
  body_base64: orNull(Type.String({ description: 'Only where REFUSED_BODIES is on.' })),
  header_names: Type.Array(Type.String()),
  remote_address: orNull(Type.String()),
})

const SCHEMAS = {
  // The text is the one field that may be left out.
  Delivery: Type.Composite([
    Type.Omit(Message, ['text']),
    Type.Partial(Type.Pick(Message, ['text'])),
  ]),
  Message: ListedMessage,
  StoredMessage,
  Page: { ...PageAnswer, properties: { ...PageAnswer.properties, data: MESSAGES } },
  Stats,
  Volume,
  Notification: Type.Object({ object: Type.String(), entry: Type.Array(Type.Unknown()) }),
  StatusRecord,
  StatusPage: pageOf(StatusRecord),
  NotificationPage: pageOf(NotificationRecord),
  QuarantinePage: pageOf(QuarantineRecord),
  RefusalPage: pageOf(RefusalRecord),
  Stored: status('ok'),
  Ready: status('ready'),
  NotReady: Type.Object({ status: Type.Literal('not ready'), reason: Type.String() }),
  Document: Type.Object({ openapi: Type.String() }),
  Error: Type.Object({ detail: Type.String({ description: 'What is wrong, in a sentence.' }) }),
  Faults: Type.Object({ detail: Type.Array(Fault, { description: 'Each fault, at most 20.' }) }),
}

const header = (description: string, example: string) => ({
  description,
  schema: { type: 'string' },
  example,
})

const HEADERS = {
  'X-Request-ID': header("The request's own id, or a new one.", 'my-request-1'),
  'X-Ackbox-Result': header('created, or duplicate when it was there already.', 'created'),
  Link: header('The next page, while there is one (RFC 8288).', '</messages?cursor=a>; rel="next"'),
  'Retry-After': header('Seconds to wait before trying again.', '1'),
  'WWW-Authenticate': header('The scheme that is wanted (RFC 6750).', 'Bearer realm="ackbox"'),
}

const SECURITY_SCHEMES = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Signature',
    description:
      'The HMAC-SHA256 of the exact bytes of the body under the secret, as 64 lower-case hex ' +
      'digits. On the page /docs type the secret itself: the page signs with it, keeps it in ' +
      'its memory alone, and never sends it.',
  },
  hubSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Hub-Signature-256',
    description: 'sha256= and the HMAC-SHA256 of the body under WHATSAPP_APP_SECRET.',
  },
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'API_TOKEN, where it is set.',
  },
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'METRICS_TOKEN, where it is set.',
  },
}

const FENCE = '```'

const blockOf = ({ title, language, text }: (typeof SNIPPETS)[number]) =>
  `**${title}**\n\n${FENCE}${language}\n${text}${FENCE}\n`

const DESCRIPTION = `A webhook inbox: **a 200 is never lost and never doubled.**

HEAD is wherever GET is. Another method is 405 with \`Allow\`, an unknown path 404. Every error is
\`{"detail": ...}\`: a sentence, or a list of faults.

### Signing

\`X-Signature\` is the HMAC-SHA256 of the exact bytes of the body, in lower-case hex. Each of these
prints it for a body on standard input and the secret in \`WEBHOOK_SECRET\`:

${SNIPPETS.map(blockOf).join('\n')}`

const FRAME = {
  openapi: '3.1.0',
  info: {
    title: 'ackbox',
    version,
    description: DESCRIPTION,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/' }],
  tags: [
    { name: 'Deliveries', description: 'For senders.' },
    { name: 'Messages', description: 'For readers.' },
    { name: 'Senders', description: 'WhatsApp, and what was refused.' },
    { name: 'Operation', description: 'For operators.' },
    { name: 'Pages', description: 'For browsers.' },
  ],
}

/** What the plugin says of the app's routes; the frame around it speaks 3.0 and no other. */
async function pathsOf(app: AnyElysia): Promise<unknown> {
  const path = '/-'
  const specPath = '/-/document'
  // Paths with a dot in them are routes too.
  const options = { path, specPath, exclude: [path, specPath], excludeStaticFile: false }
  const described = new Elysia().use(swagger(options)).use(app)
  const response = await described.handle(new Request(`http://localhost${specPath}`))
  const { paths } = (await response.json()) as { paths: unknown }
  return paths
}

/**
 * Makes the OpenAPI 3.1 document of an app from its own routes, as JSON. Loaded at the first
 * request for it, so that it costs no start anything.
 */
export async function writeDocument(app: AnyElysia): Promise<string> {
  const components = { schemas: SCHEMAS, headers: HEADERS, securitySchemes: SECURITY_SCHEMES }
  return JSON.stringify({ ...FRAME, paths: await pathsOf(app), components })
}
