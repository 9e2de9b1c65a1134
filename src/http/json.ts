/** JSON text that came from a sender and is shown as it came, number for number. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** Writes records of ours as JSON, with RawJson in them as it stands. */
export function writeJson(value: unknown): string {
  if (value instanceof RawJson) return value.text
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  const members = Object.entries(value)
    .filter(([, of]) => of !== undefined)
    .map(([name, of]) => `${JSON.stringify(name)}:${writeJson(of)}`)
  return `{${members.join(',')}}`
}
