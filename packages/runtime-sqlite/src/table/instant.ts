import { asId, type Instant } from "@quiesce/core";

/** `ms`: since 1970. */
export const instantOf = (ms: number): Instant => asId(new Date(ms).toISOString());
