import { numberOf } from './mint.ts'

/** The number of the message that an answer of 200 is for, by the id that the request carried. */
export function answeredNumber(text: string): number | undefined {
  const id = /^HTTP\/1\.1 200 .*?\r\nx-request-id: (n[0-9]+\.)\r\n/is.exec(text)?.[1]
  return id === undefined ? undefined : numberOf(id)
}
