/** One word for a POSIX shell, whatever is in it; other shells of today read it alike. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
