import docs from './docs.html' with { type: 'text' }
import inbox from './inbox.html' with { type: 'text' }

// Bun's types know an import of HTML as a bundle only; these are their texts.

/** The page at /docs. */
export const DOCS_PAGE = String(docs)

/** The page at /. */
export const INBOX_PAGE = String(inbox)
