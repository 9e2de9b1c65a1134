-- The search index, in a file of its own: derived from messages, made anew when it does not fit.
-- No text is kept here, only the words of grams.ts and the seq of the rows they are in.
CREATE VIRTUAL TABLE grams USING fts5(
  words, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);

-- The row up to which messages are indexed, by seq and, to know its database by, its id.
CREATE TABLE indexed (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  through INTEGER NOT NULL,
  message_id TEXT
) STRICT;
INSERT INTO indexed (id, through, message_id) VALUES (1, 0, NULL);
