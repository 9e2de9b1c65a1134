-- What WhatsApp adds to a message, by its seq: of an arrival or of an indexed message.
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

-- One row for each message that we sent: its furthest step, and beside it all that are known.
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
CREATE UNIQUE INDEX statuses_by_id ON statuses (message_id);
CREATE INDEX statuses_by_instant ON statuses (instant, message_id);
CREATE INDEX statuses_by_recipient ON statuses (recipient, instant);
CREATE INDEX statuses_by_status ON statuses (status, instant);

-- What is kept as it came: notifications that are neither, and items that could not be read.
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
CREATE UNIQUE INDEX kept_by_digest ON kept (digest);
CREATE INDEX kept_by_kind ON kept (kind, label);
