import { at, type XmlElement } from "./xml.ts";

/** A hard disk of a domain as its XML describes it. */
export interface DomainDisk {
  /** The name inside the machine: `vda`. */
  readonly name: string;
  readonly source: DiskSource;
  /** `qcow2`, `raw`, …; undefined where the XML does not say, which QEMU reads as raw. */
  readonly format: string | undefined;
  readonly readonly: boolean;
  readonly shareable: boolean;
  readonly transient: boolean;
}

/** Where a disk's bytes lie. */
export type DiskSource =
  | { readonly is: "file" | "block"; readonly path: string }
  | { readonly is: "volume"; readonly pool: string; readonly volume: string }
  | { readonly is: "elsewhere"; readonly what: string };

/** A disk's place as people name it. */
export const placeText = (source: DiskSource): string => {
  switch (source.is) {
    case "file":
    case "block":
      return source.path;
    case "volume":
      return `${source.pool}/${source.volume}`;
    case "elsewhere":
      return source.what;
  }
};

/** A CD-ROM or a floppy drive: what it holds is not the machine's own. */
export const isDrive = ({ attributes: { device = "disk" } }: XmlElement): boolean =>
  device !== "disk" && device !== "lun";

/** Nothing for a CD-ROM or a floppy drive. */
export const diskOf = (disk: XmlElement): readonly DomainDisk[] => {
  if (isDrive(disk)) return [];
  return [
    {
      name: at(disk, "target")?.attributes["dev"] ?? "",
      source: sourceOf(disk),
      format: at(disk, "driver")?.attributes["type"],
      readonly: at(disk, "readonly") !== undefined,
      shareable: at(disk, "shareable") !== undefined,
      transient: at(disk, "transient") !== undefined,
    },
  ];
};

const sourceOf = (disk: XmlElement): DiskSource => {
  const type = disk.attributes["type"] ?? "file";
  const { file, dev, pool, volume, protocol } = at(disk, "source")?.attributes ?? {};
  if (type === "file" && file !== undefined) return { is: "file", path: file };
  if (type === "block" && dev !== undefined) return { is: "block", path: dev };
  if (type === "volume" && pool !== undefined && volume !== undefined) return { is: "volume", pool, volume };
  return { is: "elsewhere", what: protocol === undefined ? type : `${type} (${protocol})` };
};
