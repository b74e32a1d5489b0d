import { Lexer } from "yaml";

/**
 * Most tokens that are parsed: about 3,000 instances of one line each. The time of parsing grows with the tokens and
 * not with the bytes (measured: up to 5 µs for each), so this bounds it where the size of the file does not.
 */
export const maxTokens = 100_000;

/** Splitting text into tokens is cheap and stops at the limit; only text that passes is parsed. */
export const exceedsTokenBudget = (text: string): boolean => {
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    if (token.startsWith(" ")) continue;
    tokens += 1;
    if (tokens > maxTokens) return true;
  }
  return false;
};
