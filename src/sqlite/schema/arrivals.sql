-- What is acknowledged and not yet settled, in a file of its own: a commit that a sender waits
-- for writes here, at the end of tables almost without indexes, and nothing else. move.ts moves it
-- to the tables of the database.

-- The new messages of one commit, as the JSON list of what src/message.ts calls arrivals. They are
-- numbered one after the other; seq is the number of the last.
CREATE TABLE arrivals.commits (
  seq INTEGER PRIMARY KEY,
  messages TEXT NOT NULL
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

-- The store that these rows belong to, by the id in its `settled`; and how far, of messages and of
-- everything else, what was settled there is deleted here.
CREATE TABLE arrivals.owner (
  store TEXT NOT NULL,
  seq INTEGER NOT NULL,
  change INTEGER NOT NULL
) STRICT;
INSERT INTO arrivals.owner (store, seq, change)
  SELECT store, coalesce((SELECT max(seq) FROM main.messages), 0), change FROM main.settled;
