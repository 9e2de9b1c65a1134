const mark = (name: string, edge: 'begin' | 'end') => `<!-- ${name}: ${edge} -->`

/**
 * A document with one section made anew. Each bench of ours writes the section of its own name,
 * between two comments, and leaves the rest as it is; a section that is missing goes to the end.
 */
export function replaceSection(document: string, name: string, section: string): string {
  const [begin, end] = [mark(name, 'begin'), mark(name, 'end')]
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  const made = `${begin}\n${section.trim()}\n${end}`
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${made}\n`
  return document.slice(0, from) + made + document.slice(to + end.length)
}
