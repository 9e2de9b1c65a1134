import go from './snippet/go.go' with { type: 'text' }
import javascript from './snippet/javascript.mjs' with { type: 'text' }
import php from './snippet/php.php' with { type: 'text' }
import python from './snippet/python.py' with { type: 'text' }
import shell from './snippet/shell.sh' with { type: 'text' }

/** A program that prints the signature of standard input under WEBHOOK_SECRET. */
interface Snippet {
  readonly title: string
  /** The word behind the fence of its block. */
  readonly language: string
  readonly text: string
}

/** How to sign, in the languages that senders are mostly written in; a test runs each. */
export const SNIPPETS: readonly Snippet[] = [
  { title: 'Shell', language: 'sh', text: shell },
  { title: 'JavaScript', language: 'js', text: javascript },
  { title: 'Python', language: 'py', text: python },
  { title: 'Go', language: 'go', text: go },
  { title: 'PHP', language: 'php', text: php },
]
