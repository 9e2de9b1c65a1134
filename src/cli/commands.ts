import { SCHEME_NAMES } from '../scheme.ts'
import { type Command, command } from './command.ts'

/**
 * The commands of ackbox, in the order of the help; help, parsing and errors all come from here.
 * Each loads its code only when it runs, so that `ackbox healthcheck` need not load the server.
 */
export const COMMANDS: readonly Command[] = [
  command({
    name: 'serve',
    summary: 'Receive deliveries and answer queries until SIGTERM; set up by the environment',
    usage: '',
    options: [],
    positionals: [],
    run: async (_args, io) => (await import('./serve.ts')).serve(io),
  }),
  command({
    name: 'send',
    summary: 'Sign and post one message, or every line of a file, and count the answers',
    usage: '[options]',
    options: [
      {
        name: 'url',
        short: 'u',
        type: 'text',
        value: 'URL',
        default: 'http://127.0.0.1:8000/webhook',
        help: 'where to post',
      },
      {
        name: 'secret',
        type: 'text',
        value: 'SECRET',
        fallback: '$WEBHOOK_SECRET',
        help: 'what to sign with; other users of this machine can see it',
      },
      {
        name: 'secret-file',
        type: 'text',
        value: 'PATH',
        fallback: '$WEBHOOK_SECRET_FILE',
        help: 'a file that holds the secret',
      },
      {
        name: 'scheme',
        type: 'text',
        value: 'NAME',
        default: 'x-signature',
        help: `how to sign: ${SCHEME_NAMES.join(', ')}`,
      },
      {
        name: 'file',
        short: 'f',
        type: 'text',
        value: 'PATH',
        help: 'send each line of this file as it stands; - is standard input',
      },
      { name: 'id', type: 'text', value: 'ID', fallback: 'a new UUID', help: 'message_id' },
      { name: 'from', type: 'text', value: 'NUMBER', default: '+15550100', help: 'sender' },
      { name: 'to', type: 'text', value: 'NUMBER', default: '+15550199', help: 'recipient' },
      { name: 'ts', type: 'text', value: 'TIME', fallback: 'now', help: 'ISO-8601 in UTC' },
      { name: 'text', short: 't', type: 'text', value: 'TEXT', fallback: 'none', help: 'the text' },
      {
        name: 'concurrency',
        short: 'c',
        type: 'integer',
        value: 'N',
        default: 32,
        min: 1,
        max: 256,
        help: 'posts at a time, 1 to 256',
      },
      {
        name: 'attempts',
        type: 'integer',
        value: 'N',
        default: 5,
        min: 1,
        max: 100,
        help: 'tries per message, 1 to 100; 503, 429 and a lost connection are tried again',
      },
      {
        name: 'timeout',
        type: 'decimal',
        value: 'SECONDS',
        default: 10,
        min: 0.001,
        max: 3600,
        help: 'how long one try may take',
      },
    ],
    positionals: [],
    run: async (args, io) => (await import('./send.ts')).send(args, io),
  }),
  command({
    name: 'healthcheck',
    summary: 'Exit with 0 when the service is ready, with 1 and the reason when not',
    usage: '[options]',
    options: [
      {
        name: 'url',
        short: 'u',
        type: 'text',
        value: 'URL',
        fallback: '/health/ready on $HOST and $PORT',
        help: 'what to ask',
      },
      {
        name: 'timeout',
        type: 'decimal',
        value: 'SECONDS',
        default: 3,
        min: 0.001,
        max: 3600,
        help: 'how long the answer may take',
      },
    ],
    positionals: [],
    run: async (args, io) => (await import('./healthcheck.ts')).healthcheck(args, io),
  }),
]
