-- What is acknowledged and not yet settled, in a file of its own: a commit that a sender waits
-- for writes here, at the end of tables almost without indexes, and nothing else. The tables have
-- the names and the columns of those that their rows are moved to, by move.ts.
CREATE TABLE arrivals.messages (
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

CREATE TABLE arrivals.whatsapp_messages (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  profile_name TEXT,
  reply_to TEXT,
  media_ids TEXT NOT NULL,
  phone_number_id TEXT,
  raw TEXT NOT NULL
) STRICT;

-- A status as it is to be: with the steps that are settled already. change numbers whatever is
-- written here and to kept, and goes on where `settled` ends.
CREATE TABLE arrivals.statuses (
  message_id TEXT PRIMARY KEY,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  status TEXT NOT NULL,
  ts TEXT NOT NULL,
  instant INTEGER NOT NULL,
  history TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  change INTEGER NOT NULL
) STRICT;

-- Each copy by itself.
CREATE TABLE arrivals.kept (
  change INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  account TEXT,
  raw TEXT NOT NULL,
  digest BLOB NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX arrivals.kept_by_digest ON kept (digest);

-- The one row that a readiness check rewrites.
CREATE TABLE arrivals.readiness (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  checked INTEGER NOT NULL
) STRICT;
INSERT INTO arrivals.readiness (id, checked) VALUES (1, 0);

-- The store that these rows belong to: the id in its `settled`.
CREATE TABLE arrivals.owner (store TEXT NOT NULL) STRICT;
INSERT INTO arrivals.owner (store) SELECT store FROM main.settled;
