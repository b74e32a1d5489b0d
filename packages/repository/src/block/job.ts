/** How blocks lie in a file: as they are, or each as one zstd frame. */
export type Encoding = "plain" | "zstd";

/** What a worker is asked. `buffer` is shared: the bytes themselves are never sent. */
export type BlockJob =
  /** Is it all zero? Else encodes `length` bytes in place and hashes what is to be stored. */
  | { readonly do: "pack"; readonly buffer: SharedArrayBuffer; readonly length: number; readonly encoding: Encoding }
  /** Checks the hash of `stored` bytes and decodes them in place. */
  | {
      readonly do: "unpack";
      readonly buffer: SharedArrayBuffer;
      readonly stored: number;
      readonly encoding: Encoding;
      readonly sha256: string;
    };

export type Packed =
  | { readonly zero: true }
  | { readonly zero: false; readonly stored: number; readonly sha256: string };

/** `length`: bytes of content. A block that is not `good` has another hash, or no content that can be decoded. */
export type Unpacked = { readonly good: true; readonly length: number } | { readonly good: false };

export type BlockAnswer = Packed | Unpacked;
