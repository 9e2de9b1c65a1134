/**
 * Where a marker stands: in the id of a message, in what is stored with it, in a request id, in a
 * path, in a query or a header, or in a body that is refused. Only the first two may come back in
 * another's answer, and only in a listing.
 */
export type Place = 'id' | 'stored' | 'request' | 'path' | 'header' | 'refused'

/** A marker that was found. */
export interface Marker {
  readonly place: Place
  /** The number of the request that it belongs to. */
  readonly number: number
}

const LETTERS: Readonly<Record<Place, string>> = {
  id: 'i',
  stored: 't',
  request: 'r',
  path: 'p',
  header: 'h',
  refused: 'b',
}

const PLACES: Readonly<Record<string, Place>> = Object.fromEntries(
  Object.entries(LETTERS).map(([place, letter]) => [letter, place as Place]),
)

const FORM = /zq([itrphb])([0-9]{1,10})k([0-9]{4})z/g

/** Four digits over the rest, so that a marker which was mutated is none. */
function sumOf(letter: string, number: number): string {
  const mixed = Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(letter.charCodeAt(0), 0x85ebca6b)
  return String((Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0) % 10_000).padStart(4, '0')
}

/** A word that belongs to one request, and tells wherever it turns up whose it is. */
export function markerOf(place: Place, number: number): string {
  const letter = LETTERS[place]
  return `zq${letter}${number}k${sumOf(letter, number)}z`
}

/** Every marker in a text that is whole. */
export function markersIn(text: string): Marker[] {
  if (!text.includes('zq')) return []
  return [...text.matchAll(FORM)].flatMap(([, letter = '', digits = '', sum]) => {
    const place = PLACES[letter]
    const number = Number(digits)
    return place !== undefined && sum === sumOf(letter, number) ? [{ place, number }] : []
  })
}
