/** Option values as a list: repeated options and commas both separate; blanks around and empty parts fall away. */
export const commaList = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
];
