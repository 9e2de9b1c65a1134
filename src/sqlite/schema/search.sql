-- The search index, in a file of its own: derived from messages, made anew when it does not fit.
-- No text is kept here, only which messages have which grams (grams.ts).

-- The messages of each segment, by seq, none left out between two. Segments never change: a few
-- that lie side by side are merged into a new one.
CREATE TABLE segments (
  id INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  -- What each block begins with, in their order; NULL while the segment is not complete.
  directory BLOB
) STRICT;

-- The lists of a segment (blocks.ts), one block in a page; the number says which segment's it is.
CREATE TABLE blocks (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;

-- The row up to which messages are indexed, by seq and, to know its database by, its id.
CREATE TABLE indexed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL,
  message_id TEXT,
  -- The machine's start in which it is being written without a sync; NULL after an orderly end.
  boot TEXT
) STRICT;
INSERT INTO indexed (id, through) VALUES (1, 0);
