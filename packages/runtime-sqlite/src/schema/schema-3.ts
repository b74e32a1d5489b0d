/** The ways back from restores, and the epoch of each debt: there was only one before. */
export const schema3 = `
CREATE TABLE recovery (
  run TEXT NOT NULL REFERENCES run (id),
  instance TEXT NOT NULL,
  deployment TEXT NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (run, instance)
) STRICT;
UPDATE debt SET json = json_set(json, '$.epoch', 0);
`;
