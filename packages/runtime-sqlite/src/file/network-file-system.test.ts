import { expect, test } from "vitest";
import { networkFileSystem } from "./network-file-system.ts";

test("the types that statfs gives for network file systems are known, signed or not", () => {
  expect(networkFileSystem(0x6969)).toBe("NFS");
  expect(networkFileSystem(0xff534d42)).toBe("CIFS");
  expect(networkFileSystem(0xff534d42 | 0)).toBe("CIFS");
  expect(networkFileSystem(0xfe534d42)).toBe("SMB2");
  expect(networkFileSystem(0x01021997)).toBe("9p");
  // ext4, XFS, Btrfs, tmpfs, overlay
  for (const local of [0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630])
    expect(networkFileSystem(local)).toBeUndefined();
});
