/** A piece of a stream: bytes, or a stretch of zeroes that is not stored and not sent. */
export type StreamPart =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  | { readonly kind: "hole"; readonly length: number };

/** How many bytes of the volume it stands for. */
export const partLength = (part: StreamPart): number => (part.kind === "data" ? part.bytes.length : part.length);
