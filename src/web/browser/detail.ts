import { getJsonText, Refused } from './api.ts'
import { find, make } from './element.ts'
import { localTime } from './moment.ts'

interface Stored extends Readonly<Record<string, unknown>> {
  readonly text: string | null
  /** What the notification of WhatsApp said beside; its `raw` is long, and in the JSON. */
  readonly whatsapp?: Readonly<Record<string, unknown>>
}

const TIMES = ['ts', 'received_at']

function makeValue(name: string, value: unknown): HTMLElement {
  const text = String(value ?? 'none')
  if (!TIMES.includes(name)) return make('dd', { textContent: text, dir: 'auto' })
  const time = make('time', { dateTime: text, title: text, textContent: localTime(text) })
  return make('dd', {}, time, ` (${text})`)
}

/** Makes the window that shows one message in full, with its JSON to be copied. */
export function openDetail(closed: () => void): (messageId: string) => Promise<void> {
  const dialog = find('message', HTMLDialogElement)
  const json = find('message-json', HTMLTextAreaElement)
  const copied = find('copied', HTMLElement)
  find('close-message', HTMLButtonElement).addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', closed)
  find('copy', HTMLButtonElement).addEventListener('click', async () => {
    // Without TLS there is no clipboard to write to: then the text is selected to be copied.
    json.select()
    const written = await navigator.clipboard?.writeText(json.value).then(
      () => true,
      () => false,
    )
    copied.textContent = written ? 'Copied' : 'Selected'
  })
  const show = (message: Stored, answer: string) => {
    const { text, whatsapp, ...fields } = message
    const { raw: _, ...more } = whatsapp ?? {}
    find('message-text', HTMLElement).textContent = text ?? ''
    const rows = Object.entries({ ...fields, ...more }).flatMap(([name, value]) => [
      make('dt', { textContent: name }),
      makeValue(name, value),
    ])
    find('message-fields', HTMLElement).replaceChildren(...rows)
    json.value = answer
    copied.textContent = ''
  }
  return async (messageId) => {
    try {
      const answer = await getJsonText(`/messages/${encodeURIComponent(messageId)}`)
      show(JSON.parse(answer), answer)
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error
      show({ text: null, message_id: messageId, error: 'there is no such message' }, '')
    }
    if (!dialog.open) dialog.showModal()
  }
}
