/** One column: its heading and the cells of all rows. Numbers stand right. */
export interface Column {
  readonly heading: string;
  readonly align?: "left" | "right";
}

/** A plain table: columns as wide as their widest cell, two spaces between, no line longer than needed. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[]): string => {
  const widths = columns.map(({ heading }, index) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? "")), widthOf(heading)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, index) => padded(cells[index] ?? "", widths[index] ?? 0, align ?? "left"))
      .join("  ")
      .trimEnd();
  return [line(columns.map(({ heading }) => heading)), ...rows.map(line)].join("\n");
};

const padded = (cell: string, width: number, align: "left" | "right"): string => {
  const fill = " ".repeat(Math.max(0, width - widthOf(cell)));
  return align === "left" ? cell + fill : fill + cell;
};

const segmenter = new Intl.Segmenter();

/** Characters as people count them; colours are added after the layout. */
const widthOf = (text: string): number =>
  /^[\x20-\x7e]*$/.test(text) ? text.length : [...segmenter.segment(text)].length;
