/** A disk is copied, hashed and verified in blocks of this many bytes of its file; part of the format. */
export const blockBytes = 4 * 1024 * 1024;

/** Room for a block in a buffer, also when it does not compress: zstd's frame of 4 MiB grows by less than 17 KiB. */
export const slotBytes = blockBytes + 64 * 1024;
