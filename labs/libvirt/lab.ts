// The linter reads tests without the compiler options of this repository, and would not know `await using`.
/// <reference lib="esnext.disposable" />
// What tests import of the libvirt lab. Its helpers use the command lines of libvirt and QEMU and nothing of Quiesce, so
// that a test's judge does not share a fault with what it judges.
export { Guest, type GuestOptions } from "./guest.ts";
export { imageChain, type ImageInfo } from "./image-info.ts";
export { labMissing, libvirtLab, type LibvirtLab, requireLibvirtLab } from "./libvirt-lab.ts";
export { defineNetwork, type LabNetwork } from "./network.ts";
export { createPool, definePool, type LabPool } from "./pool.ts";
export { removeDomain } from "./remove-domain.ts";
export { virsh } from "./virsh.ts";
