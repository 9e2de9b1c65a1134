-- One row a message. seq is the rowid: the one writer numbers messages one past the greatest, and
-- rows are never deleted, so it increases strictly in commit order.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  -- The very string that was sent, and the instant it names in microseconds since the epoch.
  ts TEXT NOT NULL,
  instant INTEGER NOT NULL,
  text TEXT,
  -- The text with case folded; NULL where SQLite's own lower(text), which knows ASCII, says it.
  folded TEXT,
  -- Milliseconds since the epoch.
  received_at INTEGER NOT NULL
) STRICT;

-- Makes a message unique.
CREATE UNIQUE INDEX messages_by_id ON messages (message_id);

-- The order of GET /messages, down to the tie-break.
CREATE INDEX messages_by_instant ON messages (instant, message_id);

-- The one row that a readiness check rewrites, to prove that a write reaches the disk.
CREATE TABLE readiness (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  checked INTEGER NOT NULL
) STRICT;
INSERT INTO readiness (id, checked) VALUES (1, 0);
