import type { Domain } from "../domain/domain.ts";
import { domainByName } from "../domain/find-domain.ts";
import { crash } from "../domain/crash.ts";
import { Failure } from "../failure/failure.ts";
import { sleep } from "../host/clock.ts";
import type { Host } from "../host/host.ts";
import type { ServerControl } from "../server/server-control.ts";
import type { CallRecord } from "../truth/call-log.ts";
import type { FaultAction } from "./fault.ts";

export type Verdict = "go-on" | "silent" | "drop-connection";

/** Lets the faults of one moment happen, in order, until one ends the call. @throws {Failure} for a fault that is an error. */
export const applyFaults = async (
  host: Host,
  record: CallRecord,
  actions: readonly FaultAction[],
  when: "before" | "after",
  control: ServerControl,
): Promise<Verdict> => {
  for (const action of actions) {
    if (action.kind === "late-effect" || action.when !== when) continue;
    const verdict = await applyFault(host, record, action, control);
    if (verdict !== "go-on") return verdict;
  }
  return "go-on";
};

const applyFault = async (
  host: Host,
  record: CallRecord,
  action: Exclude<FaultAction, { kind: "late-effect" }>,
  control: ServerControl,
): Promise<Verdict> => {
  switch (action.kind) {
    case "fail":
      throw new Failure(action.error.code, action.error.domain, action.error.message);
    case "delay":
      await sleep(host.clock, action.ms);
      return "go-on";
    case "no-reply":
      return "silent";
    case "drop-connection":
      return "drop-connection";
    case "die":
      control.die();
      return "silent";
    case "restart":
      control.restart(action.downMs);
      return "silent";
    case "guest":
      domainOf(host, record)?.guest.set(action.set);
      return "go-on";
    case "crash-guest":
      crash(host, domainOf(host, record));
      return "go-on";
    case "lose-bitmap":
      loseBitmaps(domainOf(host, record), action);
      return "go-on";
    case "fail-job":
      domainOf(host, record)?.job?.finish({ success: false, message: action.message });
      return "go-on";
    // These concern the bytes that follow the call.
    case "cut":
    case "flip":
    case "slow":
      return "go-on";
  }
};

const domainOf = (host: Host, { object }: CallRecord) =>
  object?.kind === "domain" ? domainByName(host, object.name) : undefined;

const loseBitmaps = (
  domain: Domain | undefined,
  { target, bitmap }: Extract<FaultAction, { kind: "lose-bitmap" }>,
): void => {
  for (const { target: name, bitmaps } of domain?.drives.values() ?? []) {
    if (target !== undefined && target !== name) continue;
    for (const known of bitmaps.good.keys()) if (bitmap === undefined || bitmap === known) bitmaps.good.delete(known);
  }
};
