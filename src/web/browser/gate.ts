import { fieldOf, find } from './element.ts'
import { keepToken } from './tokens.ts'

/** Makes the window that asks for the tokens; resolves `ask` once it was closed. */
export function openGate(): { readonly ask: (reason?: string) => Promise<void> } {
  const dialog = find('tokens', HTMLDialogElement)
  const form = find('tokens-form', HTMLFormElement)
  const ask = async (reason = 'Kept for this tab alone.') => {
    find('tokens-reason', HTMLElement).textContent = reason
    if (!dialog.open) dialog.showModal()
    await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
  }
  form.addEventListener('submit', () => {
    for (const name of ['api', 'metrics'] as const) {
      const token = fieldOf(form, name)
      if (token !== '') keepToken(name, token)
    }
    form.reset()
  })
  return { ask }
}
