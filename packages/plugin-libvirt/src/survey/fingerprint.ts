import { createHash } from "node:crypto";
import { asId, type Digest, type Json } from "@quiesce/core";

/** A digest of facts whose key order is fixed by the code that lists them. */
export const fingerprint = (facts: Json): Digest =>
  asId<Digest>(`sha256:${createHash("sha256").update(JSON.stringify(facts)).digest("hex")}`);
