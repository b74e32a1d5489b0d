import { blockBytes } from "../block/sizes.ts";
import { placeOfBlock, type StoredContent } from "../read/stored-block.ts";

/** What is to be read of a file. */
export interface Reading {
  readonly content: StoredContent;
  readonly numbers: Iterable<number>;
  readonly bytes: number;
}

/**
 * The blocks that the index lists; and those that it does not, where the file takes more room than when it was written:
 * then what should be a hole may hold something, and who copies the file would get it. Else it is not looked at: to
 * read the holes of a sparse disk takes far longer than to read what it holds.
 */
export const readingOf = async (content: StoredContent): Promise<Reading> => {
  const { blocks, header, end } = content.index;
  const { blocks: sectors } = await content.file.stat();
  const hidesNothing = header.encoding !== "plain" || sectors * 512 <= end.allocated;
  const numbers = hidesNothing ? blocks : { [Symbol.iterator]: () => upTo(end.contentBytes) };
  let bytes = 0;
  for (const number of numbers) bytes += placeOfBlock(content, number).length;
  return { content, numbers, bytes };
};

function* upTo(contentBytes: number): Generator<number> {
  for (let number = 0; number * blockBytes < contentBytes; number++) yield number;
}
