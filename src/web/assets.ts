import swaggerStyle from 'swagger-ui-dist/swagger-ui.css' with { type: 'file' }
import swaggerScript from 'swagger-ui-dist/swagger-ui-bundle.js' with { type: 'file' }
import baseStyle from './base.css' with { type: 'file' }
import { bundle } from './bundle.ts' with { type: 'macro' }
import icon from './icon.svg' with { type: 'text' }
import inboxStyle from './inbox.css' with { type: 'file' }

/** What a page loads: its media type and how to get its bytes. */
interface Asset {
  readonly type: string
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>
}

const SCRIPT = 'text/javascript; charset=utf-8'
const STYLE = 'text/css; charset=utf-8'

const fromText = (type: string, text: string): Asset => ({
  type,
  read: async () => new TextEncoder().encode(text),
})

const fromFile = (type: string, path: string): Asset => ({
  type,
  read: () => Bun.file(path).bytes(),
})

/** Everything that the pages load, by its name under /assets. */
export const ASSETS: Readonly<Record<string, Asset>> = {
  'docs.js': fromText(SCRIPT, bundle('docs.ts')),
  'inbox.js': fromText(SCRIPT, bundle('inbox.ts')),
  'base.css': fromFile(STYLE, baseStyle),
  'inbox.css': fromFile(STYLE, inboxStyle),
  'icon.svg': fromText('image/svg+xml', icon),
  'swagger-ui-bundle.js': fromFile(SCRIPT, swaggerScript),
  'swagger-ui.css': fromFile(STYLE, swaggerStyle),
}
