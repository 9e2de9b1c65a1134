-- Everything in this step is derived from messages, kept in the transaction of each move, and
-- can be made again from them: `ackbox rebuild`.

-- One sender's messages in time order.
CREATE INDEX messages_by_sender ON messages (sender, instant);

-- One recipient's messages in time order.
CREATE INDEX messages_by_recipient ON messages (recipient, instant);

-- How many messages each number sent and got.
CREATE TABLE senders (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE recipients (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- How many messages fall into each day and hour of UTC, by its number since the epoch.
CREATE TABLE days (start INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
CREATE TABLE hours (start INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;

-- The busiest senders, as many as /stats shows. Counts only grow, so whoever is to enter does so
-- in the transaction in which it overtakes the last of them.
CREATE TABLE top_senders (number TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- The seq up to which all of the above counts, and how many senders that makes.
CREATE TABLE derived (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL,
  senders INTEGER NOT NULL
) STRICT;
INSERT INTO derived (id, through, senders) VALUES (1, 0, 0);
