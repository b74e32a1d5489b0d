/** Bytes, or a hole of so many bytes. */
export type StreamPart = { readonly data: Buffer } | { readonly hole: number };

/** What follows a call that opens a stream. What is thrown as a `Failure` ends the stream with that error. */
export type ServerStream =
  | { readonly kind: "download"; readonly parts: Iterable<StreamPart> }
  | {
      readonly kind: "upload";
      readonly write: (part: StreamPart) => void;
      /** All bytes are there. */
      readonly finish: () => void;
      /** The client has gone, or has broken it off; what was written stays written. */
      readonly abandon: () => void;
    };
