import { UriError } from "../errors/uri-error.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

/** Which daemon is meant: that of the one driver (`direct`), that of all (`legacy`), or the first of both that is there. */
export const uriMode = (uri: LibvirtUri | undefined): "auto" | "legacy" | "direct" => {
  const mode = (uri && uriParam(uri, "mode")) ?? "auto";
  if (mode === "auto" || mode === "legacy" || mode === "direct") return mode;
  throw new UriError("The libvirt URI asks for an unknown mode; it is auto, legacy or direct.");
};
