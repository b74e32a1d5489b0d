import { constants } from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { join } from "node:path";

import type { LibvirtLab } from "./libvirt-lab.ts";

/** The guest that `build-ready.sh` saved. */
const template = { name: "lab-template", uuid: "00000000-0000-4000-8000-000000000000" };
const magic = "LibvirtQemudSave";
const headerBytes = 92;

/**
 * Copies the saved image of the booted guest for a guest with another name and UUID, which libvirt has no call for.
 *
 * A saved image starts with a header (magic at 0, length of the domain's XML at 20, 32 bits in the host's order), then
 * the XML, then QEMU's own stream, which knows neither name nor UUID (read in libvirt 9.0, `qemu_saveimage.h`, and seen).
 * Both are replaced by ones of the same length, so nothing moves.
 */
export const copyReadyImage = async (
  lab: LibvirtLab,
  guest: { readonly name: string; readonly uuid: string },
  target: string,
): Promise<void> => {
  if (guest.name.length !== template.name.length || guest.uuid.length !== template.uuid.length)
    throw new Error(`A guest of the ready image needs a name of ${template.name.length} characters: ${guest.name}`);
  await copyFile(join(lab.guestDir, "ready", "memory.save"), target, constants.COPYFILE_FICLONE);
  await using file = await open(target, "r+");
  const header = Buffer.alloc(headerBytes);
  await file.read(header, 0, headerBytes, 0);
  if (header.toString("latin1", 0, magic.length) !== magic)
    throw new Error(`${target} is no saved image. Remove ${lab.guestDir} and run \`npm run labs\`.`);
  const xml = Buffer.alloc(header.readUInt32LE(20));
  await file.read(xml, 0, xml.length, headerBytes);
  const renamed = xml.toString("latin1").replaceAll(template.name, guest.name).replaceAll(template.uuid, guest.uuid);
  await file.write(Buffer.from(renamed, "latin1"), 0, xml.length, headerBytes);
};
