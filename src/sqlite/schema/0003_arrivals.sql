-- Messages that are acknowledged and not yet among the indexed ones. A commit that a sender waits
-- for touches the end of this one table; many at a time are then moved to messages, with every
-- index and count, by their seq. The columns are those of messages.
CREATE TABLE arrivals (
  seq INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  ts TEXT NOT NULL,
  instant INTEGER NOT NULL,
  text TEXT,
  folded TEXT,
  received_at INTEGER NOT NULL
) STRICT;
