/**
 * Most senders that a store's stats list (the contract's bound for GET /stats). It stands alone,
 * so that the threads of an engine, which need it, load no schema library.
 */
export const STATS_SENDERS_MAX = 10
