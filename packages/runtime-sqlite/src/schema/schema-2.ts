/** What is noted about a set after its run, and the store that made it where that is another one. */
export const schema2 = `
ALTER TABLE backup ADD COLUMN protected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE backup ADD COLUMN checked_json TEXT;
ALTER TABLE backup ADD COLUMN store TEXT;
`;
