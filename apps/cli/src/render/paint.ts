import { styleText } from "node:util";

export type Tone = "good" | "bad" | "warn" | "cold" | "dim" | "strong";

const styles = {
  good: "green",
  bad: "red",
  warn: "yellow",
  cold: "cyan",
  dim: "dim",
  strong: "bold",
} as const satisfies Record<Tone, string>;

/** Colours a text, or leaves it as it is. Whatever a colour says, the words say too. */
export type Paint = (tone: Tone, text: string) => string;

export const paintWith = (color: boolean): Paint =>
  color ? (tone, text) => styleText(styles[tone], text, { validateStream: false }) : (_tone, text) => text;
