PRAGMA user_version = 2;

CREATE TABLE days (start INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;

CREATE TABLE derived (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL,
  senders INTEGER NOT NULL
) STRICT;

CREATE TABLE hours (start INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;

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

CREATE TABLE readiness (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  checked INTEGER NOT NULL
) STRICT;

CREATE TABLE recipients (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE senders (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE top_senders (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX messages_by_id ON messages (message_id);

CREATE INDEX messages_by_instant ON messages (instant, message_id);

CREATE INDEX messages_by_recipient ON messages (recipient, instant);

CREATE INDEX messages_by_sender ON messages (sender, instant);
