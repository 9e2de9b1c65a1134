import { postDelivery } from './api.ts'
import { fieldOf, find } from './element.ts'
import { hmacHex } from './hmac.ts'

function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `test-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** Makes the form that signs and sends a message; the secret is kept nowhere but in its field. */
export function openTrial(sent: () => void): void {
  const dialog = find('test', HTMLDialogElement)
  const form = find('test-form', HTMLFormElement)
  const result = find('test-result', HTMLElement)
  find('open-test', HTMLButtonElement).addEventListener('click', () => dialog.showModal())
  find('close-test', HTMLButtonElement).addEventListener('click', () => dialog.close())
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const body = JSON.stringify({
      message_id: newId(),
      from: fieldOf(form, 'from'),
      to: fieldOf(form, 'to'),
      ts: new Date().toISOString(),
      text: fieldOf(form, 'text'),
    })
    try {
      await postDelivery(body, hmacHex(fieldOf(form, 'secret'), body))
      result.textContent = 'Stored'
      sent()
    } catch (error) {
      result.textContent = `Refused: ${error instanceof Error ? error.message : error}`
    }
  })
}
