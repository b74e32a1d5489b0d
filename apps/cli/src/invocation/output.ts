import { printable } from "./printable.ts";

/** The part of a stream that is written to; `process.stdout` is one. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export type Format = "text" | "json" | "ndjson";

export interface OutputSettings {
  readonly format: Format;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** Everything that the command line prints goes through here, so that a secret can be masked in one place. */
export interface Output {
  readonly settings: OutputSettings;
  readonly stderr: Sink;
  configure(settings: OutputSettings): void;
  /** Masks each of these texts in everything that is printed from now on. */
  maskWith(redact: (text: string) => string): void;
  /** For what is written to a stream by other ways than this. */
  masked(text: string): string;
  /** The result for people: stdout, only in the format `text`. */
  result(text: string): void;
  /** The result for programs: stdout, only in the formats `json` (indented) and `ndjson` (one line). */
  document(document: object): void;
  /** Progress and remarks: stderr, not with --quiet. */
  note(text: string): void;
  /** What must be read: stderr, always. */
  warn(text: string): void;
}

export const createOutput = (stdout: Sink, stderr: Sink): Output => {
  let settings: OutputSettings = { format: "text", quiet: false, color: false };
  let redact = (text: string): string => text;
  const line = (sink: Sink, text: string): void => void sink.write(`${printable(redact(text))}\n`);
  return {
    get settings() {
      return settings;
    },
    stderr,
    configure: (given) => {
      settings = given;
    },
    maskWith: (next) => {
      const before = redact;
      redact = (text) => next(before(text));
    },
    masked: (text) => printable(redact(text)),
    result: (text) => {
      if (settings.format === "text") line(stdout, text);
    },
    document: (document) => {
      if (settings.format === "text") return;
      const masked = maskStrings(document, redact);
      stdout.write(`${JSON.stringify(masked, undefined, settings.format === "json" ? 2 : undefined)}\n`);
    },
    note: (text) => {
      if (!settings.quiet) line(stderr, text);
    },
    warn: (text) => line(stderr, text),
  };
};

/** Masks inside the values, because a secret with a quote in it looks different once it is JSON. */
const maskStrings = (value: unknown, redact: (text: string) => string): unknown => {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one) => maskStrings(one, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskStrings(one, redact)]));
};

/** Colour has to be wanted, possible, and not refused. */
export const wantsColor = (env: NodeJS.ProcessEnv, flag: boolean, sink: Sink): boolean => {
  if (!flag || isSet(env["NO_COLOR"]) || env["TERM"] === "dumb") return false;
  return isSet(env["FORCE_COLOR"]) || sink.isTTY === true;
};

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "";
