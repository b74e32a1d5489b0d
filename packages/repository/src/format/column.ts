/** Numbers one after another, eight bytes each: a fragmented disk has a million of them. */
export interface Column {
  push(value: number): void;
  at(index: number): number;
  readonly length: number;
}

export const createColumn = (): Column => {
  let values = new Float64Array(64);
  let length = 0;
  return {
    push: (value) => {
      if (length === values.length) {
        const grown = new Float64Array(length * 2);
        grown.set(values);
        values = grown;
      }
      values[length++] = value;
    },
    at: (index) => values[index] ?? Number.NaN,
    get length() {
      return length;
    },
  };
};

/** The last index whose value is at most `value`, in a column that rises; -1 when there is none. */
export const lastAtMost = (column: Column, value: number): number => {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column.at(middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};
