const pattern = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/iu;

/** True for a UUID as libvirt takes it: hyphens and letter case do not matter. */
export const isUuid = (text: string): boolean => pattern.test(text);

export const uuidToBytes = (text: string): Buffer => Buffer.from(text.replaceAll("-", ""), "hex");

export const uuidFromBytes = (bytes: Uint8Array): string => {
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
