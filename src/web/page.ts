import docs from './docs.html' with { type: 'text' }

/** The page /docs. Bun's types know an import of HTML as a bundle only; this one is its text. */
export const DOCS_PAGE = String(docs)
