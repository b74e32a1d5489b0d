import { readDeployment } from "../src/index.ts";

/** What is wrong with a text, one line each: `line:column message | hint`; nothing when it can be read. */
export const problemLines = async (text: string): Promise<readonly string[]> => {
  const read = await readDeployment({ text, file: "/d/quiesce.yaml" });
  if (read.ok) return [];
  return read.problems.map(({ at, message, hint }) => {
    const place = at === undefined ? "-" : `${at.line}:${at.column}`;
    return `${place} ${message}${hint === undefined ? "" : ` | ${hint}`}`;
  });
};

/** A correct file around the lines of a test. They begin at line 4. */
export const inFile = (lines: string): string => `quiesce: 1
name: shop
providers: { hv1: { plugin: libvirt } }
${lines}
`;

/** A correct file with a machine `db`, a volume `data` and a service `pg`; the lines of a test begin at line 8. */
export const withInstances = (lines: string): string =>
  inFile(`instances:
  db: { provider: hv1, kind: vm, id: db01 }
  data: { provider: hv1, kind: volume, id: pool/data, attached_to: db }
  pg: { kind: other, contained_in: db }
${lines}`);
