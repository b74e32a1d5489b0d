import type { Event } from "@quiesce/core";
import type { Output } from "../invocation/output.ts";
import type { Reporter } from "./reporter.ts";

/** Each event as one line of JSON on stdout, as it happens. */
export const ndjsonReporter = (output: Output): Reporter => ({
  event: (event) => output.document(eventDocument(event)),
  say: (text) => output.note(text),
  close: () => {},
});

/** An event as it is published: `quiesce.event/1`. */
export const eventDocument = (event: Event): object => ({ schema: "quiesce.event/1", ...event });
