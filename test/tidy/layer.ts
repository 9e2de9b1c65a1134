import { importsOf } from './import.ts'
import { inside, type Problem, problemAt, type Rule, type Source } from './source.ts'

/**
 * A layer of the architecture: which files are in it, which other layers and which packages it
 * may import, and why that is the line. Every layer may import itself. The first row whose
 * `files` match a path is its layer.
 */
interface Layer {
  name: string
  files: RegExp
  layers: string[]
  packages: RegExp
  why: string
}

const NO_PACKAGE = /^$/
const NODE = /^node:/
const SENDERS = ['signature', 'whatsapp']
const SOURCE = ['domain', 'config', 'log', ...SENDERS, 'intake', 'metrics', 'sqlite', 'postgres']
const EVERYTHING = [...SOURCE, 'browser', 'web', 'http', 'service', 'cli', 'main', 'manifest']

const LAYERS: Layer[] = [
  {
    name: 'main',
    files: /^src\/main\.ts$/,
    layers: ['cli', 'service', 'config', 'domain', 'manifest'],
    packages: NODE,
    why: 'argv in, exit code out; the rest is a command, and nothing imports it',
  },
  {
    name: 'service',
    files: /^src\/(service|maintenance)\.ts$/,
    layers: [...SOURCE, 'web', 'http', 'manifest'],
    packages: NODE,
    why: 'the wiring, of the service and of upkeep, knows what it wires, and no command',
  },
  {
    name: 'config',
    files: /^src\/(config|warnings)\.ts$/,
    layers: ['domain'],
    packages: /^(node:|@sinclair\/typebox(\/|$))/,
    why: 'settings are read before anything is open',
  },
  {
    name: 'log',
    files: /^src\/log\.ts$/,
    layers: ['domain', 'config'],
    packages: /^(pino$|node:)/,
    why: 'the only import of pino; of the settings it takes the level',
  },
  {
    name: 'domain',
    files: /^src\/[^/]+\.ts$/,
    layers: [],
    packages: /^@sinclair\/typebox(\/|$)/,
    why: 'what the service is about depends on nothing outside',
  },
  {
    name: 'signature',
    files: /^src\/signature\//,
    layers: ['domain'],
    packages: /^node:crypto$/,
    why: 'bytes and a secret in, a verdict out',
  },
  {
    name: 'intake',
    files: /^src\/intake\//,
    layers: ['domain'],
    packages: NO_PACKAGE,
    why: 'it knows nothing of SQL and HTTP; what it needs of others is passed in',
  },
  {
    name: 'whatsapp',
    files: /^src\/whatsapp\//,
    layers: ['domain'],
    packages: /^node:crypto$/,
    why: "Meta's JSON in, the domain's types out",
  },
  {
    name: 'metrics',
    files: /^src\/metrics\//,
    layers: ['domain'],
    packages: NO_PACKAGE,
    why: 'it counts; it neither measures nor serves',
  },
  {
    name: 'sqlite',
    files: /^src\/sqlite\//,
    layers: ['domain'],
    packages: /^(bun:sqlite$|node:)/,
    why: 'one engine behind the interface of the domain; the only import of bun:sqlite',
  },
  {
    name: 'postgres',
    files: /^src\/postgres\//,
    layers: ['domain'],
    packages: /^(bun$|node:)/,
    why: "one engine behind the interface of the domain; the only import of Bun's client",
  },
  {
    name: 'browser',
    files: /^src\/web\/browser\//,
    layers: [],
    packages: NO_PACKAGE,
    why: 'it runs in a browser, which has neither our server nor its packages',
  },
  {
    name: 'web',
    files: /^src\/web\//,
    layers: ['domain'],
    packages: /^swagger-ui-dist\//,
    why: 'what the browser gets',
  },
  {
    name: 'http',
    files: /^src\/http\//,
    layers: ['domain', 'config', 'log', ...SENDERS, 'intake', 'metrics', 'web', 'manifest'],
    packages: /^(elysia$|elysia\/|@elysiajs\/|node:|@sinclair\/typebox(\/|$))/,
    why: 'the only import of Elysia; it never knows which engine is behind the store',
  },
  {
    name: 'cli',
    files: /^src\/cli\//,
    layers: ['domain', 'config', 'log', ...SENDERS, 'service', 'manifest'],
    packages: NODE,
    why: 'a command opens a service or talks to one; which engine is for the wiring to know',
  },
  {
    name: 'support',
    files: /^test\/support\//,
    layers: EVERYTHING.filter((name) => name !== 'signature'),
    packages: /./,
    why: 'a test that signs with our own signer would not notice when both are wrong',
  },
  {
    name: 'test',
    files: /^test\//,
    layers: [...EVERYTHING, 'support', 'bench', 'prove', 'timing'],
    packages: /./,
    why: '',
  },
  { name: 'bench', files: /^bench\//, layers: [...EVERYTHING, 'support'], packages: /./, why: '' },
  {
    name: 'timing',
    files: /^prove\/timing\//,
    layers: ['bench', 'signature'],
    packages: /^node:crypto$/,
    why: 'nanoseconds are told in the same process alone; of the source it times the compare',
  },
  {
    name: 'prove',
    files: /^prove\//,
    layers: ['bench', 'support', 'timing'],
    packages: /^(bun$|bun:sqlite$|node:)/,
    why: 'it attacks a process from outside, and believes nothing of the source',
  },
  { name: 'manifest', files: /^package\.json$/, layers: [], packages: NO_PACKAGE, why: '' },
]

function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.test(path))
}

function findTrespasses(sources: Source[]): Problem[] {
  return sources
    .filter(
      (source) => inside(source, 'src', 'test', 'bench', 'prove') && source.root !== undefined,
    )
    .flatMap((source) => {
      const layer = layerOf(source.path)
      if (layer === undefined)
        return [problemAt(source, undefined, 'is in no layer of test/tidy/layer.ts; add a row')]
      const allowed = [layer.name, ...layer.layers]
      return importsOf(source)
        .filter(({ specifier, path }) =>
          path === undefined
            ? !layer.packages.test(specifier)
            : !allowed.includes(layerOf(path)?.name ?? ''),
        )
        .map(({ node, specifier }) => {
          const message = `${layer.name} may not import ${specifier}: ${layer.why}`
          return problemAt(source, node, message)
        })
    })
}

/** The architecture: imports go one way, as the table says. */
export const LAYER_RULES: Rule[] = [
  {
    name: 'imports go one way',
    problems: findTrespasses,
    bad: [
      { 'src/message.ts': "import { verify } from './signature/verify.ts'" },
      { 'src/message.ts': "import { createHmac } from 'node:crypto'" },
      { 'src/config.ts': "import { log } from './log.ts'" },
      { 'src/service.ts': "import { serve } from './cli/serve.ts'" },
      { 'src/signature/verify.ts': "import { receive } from '../intake/receive.ts'" },
      { 'src/intake/committer.ts': "import type { Engine } from '../sqlite/engine.ts'" },
      { 'src/intake/committer.ts': "import { setTimeout } from 'node:timers'" },
      { 'src/metrics/counter.ts': "import { app } from '../http/app.ts'" },
      { 'src/sqlite/store.ts': "import { log } from '../log.ts'" },
      { 'src/http/list.ts': "import { Database } from 'bun:sqlite'" },
      { 'src/http/list.ts': "const { open } = await import('../sqlite/store.ts')" },
      { 'src/cli/send.ts': "import { Elysia } from 'elysia'" },
      { 'src/cli/dump.ts': "import { openStore } from '../sqlite/store.ts'" },
      { 'src/maintenance.ts': "import { rebuild } from './cli/rebuild.ts'" },
      { 'src/service.ts': "import pino from 'pino'" },
      { 'src/sqlite/store.ts': "import { SQL } from 'bun'" },
      { 'src/service.ts': "import { f } from '../test/support/service.ts'" },
      { 'src/cli/serve.ts': "export { main } from '../main.ts'" },
      { 'test/support/signer.ts': "import { sign } from '../../src/signature/hmac.ts'" },
      { 'src/novelty/a.ts': 'const a = 1' },
    ],
    good: [
      {
        'src/message.ts': "import { Type } from '@sinclair/typebox'\nimport './outcome.ts'",
        'src/signature/verify.ts': "import { a } from '../message.ts'\nimport 'node:crypto'",
        'src/intake/receive.ts': "import type { B } from './committer.ts'\nimport '../store.ts'",
        'src/sqlite/engine.ts': "import { Database } from 'bun:sqlite'\nimport './schema/a.sql'",
        'src/http/app.ts': "import { Elysia } from 'elysia'\nimport '@elysiajs/swagger'",
        'src/service.ts': "import { a } from './sqlite/store.ts'\nimport './http/app.ts'",
        'src/maintenance.ts': "import { openUpkeep } from './sqlite/upkeep.ts'",
        'src/cli/serve.ts': "import { openService } from '../service.ts'",
        'src/main.ts': "import { serve } from './cli/serve.ts'",
        'test/signature/verify.test.ts': "import { a } from '../../src/signature/verify.ts'",
        'test/support/service.ts': "import { openService } from '../../src/service.ts'",
      },
    ],
  },
]
