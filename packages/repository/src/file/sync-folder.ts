import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Makes the names in a folder survive a power loss. */
export const syncFolder = async (folder: string): Promise<void> => {
  await using handle = await open(folder, constants.O_RDONLY);
  await handle.sync();
};
