import {
  domainRef,
  nothing,
  programs,
  string,
  struct,
  type ProcedureName,
  type XdrType,
} from "@quiesce/node-libvirt/protocol";

/** A procedure without flags that `virsh` still calls, told in terms of the one that replaced it. */
export interface OlderProcedure {
  readonly name: ProcedureName;
  readonly args: XdrType;
  readonly ret: XdrType;
}

const domain = struct({ domain: domainRef });

const byNumber: Readonly<Record<number, OlderProcedure>> = {
  9: { name: "domainCreateWithFlags", args: domain, ret: nothing },
  11: { name: "domainDefineXmlFlags", args: struct({ xml: string }), ret: domain },
  12: { name: "domainDestroyFlags", args: domain, ret: nothing },
  33: { name: "domainShutdownFlags", args: domain, ret: nothing },
  35: { name: "domainUndefineFlags", args: domain, ret: nothing },
};

export const findOlderProcedure = (program: number, proc: number): OlderProcedure | undefined =>
  program === programs.remote ? byNumber[proc] : undefined;

/** Its arguments for the newer one: no flags. */
export const withoutFlags = (args: unknown): unknown => ({ ...(args as object), flags: 0 });
