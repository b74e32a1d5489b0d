/** The ways back from restores. */
export const schema3 = `
CREATE TABLE recovery (
  run TEXT NOT NULL REFERENCES run (id),
  instance TEXT NOT NULL,
  deployment TEXT NOT NULL,
  json TEXT NOT NULL,
  UNIQUE (run, instance)
) STRICT;
`;
