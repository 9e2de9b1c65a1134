PRAGMA user_version = 5;

CREATE TABLE days (start INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;

CREATE TABLE derived (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL,
  senders INTEGER NOT NULL
) STRICT;

CREATE TABLE hours (start INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;

CREATE TABLE kept (
  seq INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('notification', 'quarantine')),
  -- The notification's field, or the reason.
  label TEXT NOT NULL,
  account TEXT,
  raw TEXT NOT NULL,
  -- SHA-256 of all of the above but seq: the same thing that comes again is counted.
  digest BLOB NOT NULL,
  copies INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;

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

CREATE TABLE settled (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  change INTEGER NOT NULL,
  store TEXT NOT NULL
) STRICT;

CREATE TABLE statuses (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  status TEXT NOT NULL,
  ts TEXT NOT NULL,
  -- The instant of ts in microseconds since the epoch.
  instant INTEGER NOT NULL,
  -- A JSON list of steps, the furthest last.
  history TEXT NOT NULL,
  -- When the latest step arrived, in milliseconds since the epoch.
  received_at INTEGER NOT NULL
) STRICT;

CREATE TABLE top_senders (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE whatsapp_messages (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  profile_name TEXT,
  -- The message_id that it answers, which we need not have.
  reply_to TEXT,
  -- A JSON list of ids.
  media_ids TEXT NOT NULL,
  phone_number_id TEXT,
  -- The notification's item as JSON.
  raw TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX kept_by_digest ON kept (digest);

CREATE INDEX kept_by_kind ON kept (kind, label);

CREATE UNIQUE INDEX messages_by_id ON messages (message_id);

CREATE INDEX messages_by_instant ON messages (instant, message_id);

CREATE INDEX messages_by_recipient ON messages (recipient, instant);

CREATE INDEX messages_by_sender ON messages (sender, instant);

CREATE UNIQUE INDEX statuses_by_id ON statuses (message_id);

CREATE INDEX statuses_by_instant ON statuses (instant, message_id);

CREATE INDEX statuses_by_recipient ON statuses (recipient, instant);

CREATE INDEX statuses_by_status ON statuses (status, instant);
