-- What is acknowledged is kept in a file of its own from here on (arrivals.sql). What an earlier
-- release kept here is moved as it was meant to be; the count of it is made when the database is
-- opened.
INSERT INTO messages
    (seq, message_id, sender, recipient, ts, instant, text, folded, received_at)
  SELECT seq, message_id, sender, recipient, ts, instant, text, folded, received_at
  FROM arrivals ORDER BY seq;
DROP TABLE arrivals;

-- How far that file is moved: messages by their seq, everything else by this change. And the id
-- of this store, by which that file is known to belong to it.
CREATE TABLE settled (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  change INTEGER NOT NULL,
  store TEXT NOT NULL
) STRICT;
INSERT INTO settled (id, change, store) VALUES (1, 0, lower(hex(randomblob(16))));
