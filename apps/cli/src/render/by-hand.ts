import type { DebtState, Deployment } from "@quiesce/core";
import { shellWord } from "./shell-word.ts";

/** The command that thaws a guest without quiesce, for the case that quiesce could not. */
export const byHand = ({ spec }: DebtState, { providers }: Deployment): string => {
  const { target, pay } = spec;
  const provider = pay.provider === undefined ? undefined : providers[pay.provider];
  const uri = provider?.config["uri"];
  if (provider?.plugin === "libvirt" && pay.call === undefined && spec.harm === "frozen")
    return `virsh${typeof uri === "string" ? ` -c ${shellWord(uri)}` : ""} domfsthaw ${shellWord(target.providerId)}   (${target.instance})`;
  if (pay.call !== undefined) return `undo ${spec.harm} of ${target.instance} as its hook ${pay.call.name} does`;
  return `${pay.operation} ${target.instance} (${target.providerId}) with the tools of ${provider?.plugin ?? "its provider"}`;
};
