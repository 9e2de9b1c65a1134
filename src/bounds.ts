/** Longest `message_id`, in Unicode code points (the contract's bound). */
export const MESSAGE_ID_CODE_POINTS_MAX = 256

/** Longest `text`, in Unicode code points (the contract's bound). */
export const TEXT_CODE_POINTS_MAX = 4096

/** What `from` and `to` look like (the contract's rule). */
export const PARTY = '^\\+[0-9]{1,32}$'

/** Rows in a page unless `limit` says otherwise. */
export const LIMIT_DEFAULT = 50
/** Most rows in a page. */
export const LIMIT_MAX = 100
