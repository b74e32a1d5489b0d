import { escapeXml } from "./escape-xml.ts";
import { at, readXml } from "./xml.ts";

/** Who may use a volume's file: as libvirt tells it of another volume. */
export interface VolumePermissions {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

export interface NewVolume {
  readonly name: string;
  /** What a guest sees of it. */
  readonly bytes: number;
  /** `raw`, `qcow2`, … */
  readonly format: string;
  /** Takes room as it is written. Not where a volume is a block device: there it must have all of its room. */
  readonly sparse: boolean;
  readonly permissions: VolumePermissions | undefined;
}

export const newVolumeXml = ({ name, bytes, format, sparse, permissions }: NewVolume): string =>
  [
    "<volume>",
    `<name>${escapeXml(name)}</name>`,
    `<capacity unit='bytes'>${bytes}</capacity>`,
    ...(sparse ? ["<allocation unit='bytes'>0</allocation>"] : []),
    "<target>",
    `<format type='${escapeXml(format)}'/>`,
    // Older ones can keep no record of changes for increments.
    ...(format === "qcow2" ? ["<compat>1.1</compat>"] : []),
    ...(permissions === undefined ? [] : [permissionsXml(permissions)]),
    "</target>",
    "</volume>",
  ].join("");

const permissionsXml = ({ mode, owner, group }: VolumePermissions): string =>
  `<permissions><mode>${escapeXml(mode)}</mode><owner>${escapeXml(owner)}</owner><group>${escapeXml(group)}</group></permissions>`;

/** What we read of a volume's XML. Sizes in bytes. */
export interface Volume {
  readonly name: string;
  readonly path: string;
  readonly format: string;
  readonly capacity: number;
  /** The length of its file; what a guest sees of it may be more. */
  readonly physical: number;
  /** The path of the volume that it is a difference to. */
  readonly backing: string | undefined;
  readonly permissions: VolumePermissions | undefined;
  /** When its file was last written to, as the host tells it; empty where the storage does not. */
  readonly writtenAt: string;
}

export const readVolume = (xml: string): Volume => {
  const volume = readXml(xml, "volume");
  const target = at(volume, "target");
  const permissions = at(target, "permissions");
  const [mode, owner, group] = ["mode", "owner", "group"].map((name) => at(permissions, name)?.text);
  const capacity = Number(at(volume, "capacity")?.text ?? 0);
  return {
    name: at(volume, "name")?.text ?? "",
    path: at(target, "path")?.text ?? "",
    format: at(target, "format")?.attributes["type"] ?? "raw",
    capacity,
    physical: Number(at(volume, "physical")?.text ?? capacity),
    backing: at(volume, "backingStore", "path")?.text,
    writtenAt: at(target, "timestamps", "mtime")?.text ?? "",
    permissions: mode === undefined || owner === undefined || group === undefined ? undefined : { mode, owner, group },
  };
};
