/** Names and identities are text, times of locks are milliseconds since 1970, everything else is JSON of core's types. */
export const schema1 = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- All locks of a run end together, so their end is kept here: NULL when it holds none.
CREATE TABLE run (
  ordinal INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  deployment TEXT NOT NULL,
  workflow TEXT NOT NULL,
  started_at TEXT NOT NULL,
  settled_at TEXT,
  status TEXT NOT NULL,
  worker TEXT NOT NULL,
  held_until INTEGER,
  ttl_ms INTEGER NOT NULL,
  plan_json TEXT NOT NULL,
  deployment_json TEXT NOT NULL
) STRICT;
CREATE INDEX run_by_deployment ON run (deployment, ordinal);
CREATE INDEX run_holding ON run (held_until) WHERE held_until IS NOT NULL;

CREATE TABLE event (
  run TEXT NOT NULL REFERENCES run (id),
  seq INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE lock (key TEXT PRIMARY KEY, run TEXT NOT NULL REFERENCES run (id)) STRICT, WITHOUT ROWID;
CREATE INDEX lock_by_run ON lock (run);

CREATE TABLE claim (
  run TEXT NOT NULL REFERENCES run (id),
  chain TEXT NOT NULL,
  token INTEGER NOT NULL,
  worker TEXT NOT NULL,
  PRIMARY KEY (run, chain)
) STRICT, WITHOUT ROWID;

-- Open debts only; the journal keeps the history of each.
CREATE TABLE debt (
  run TEXT NOT NULL REFERENCES run (id),
  key TEXT NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (run, key)
) STRICT;

CREATE TABLE backup (
  id TEXT NOT NULL UNIQUE,
  deployment TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at TEXT NOT NULL,
  complete INTEGER NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (deployment, name, kind)
) STRICT;

CREATE TABLE backup_item (
  backup TEXT NOT NULL REFERENCES backup (id),
  instance TEXT NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (backup, instance)
) STRICT;

CREATE TABLE suspended (
  deployment TEXT NOT NULL,
  instance TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (deployment, instance)
) STRICT, WITHOUT ROWID;

CREATE TABLE registered (name TEXT PRIMARY KEY, file TEXT NOT NULL, added_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
