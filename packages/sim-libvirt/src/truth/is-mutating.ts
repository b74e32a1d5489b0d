import { procedures, type ProcedureName } from "@quiesce/node-libvirt/protocol";

/** These change the session alone. */
const ofTheSession: ReadonlySet<ProcedureName> = new Set([
  "connectOpen",
  "connectClose",
  "authPolkit",
  "connectDomainEventCallbackRegisterAny",
  "connectDomainEventCallbackDeregisterAny",
  "connectNetworkEventRegisterAny",
  "connectNetworkEventDeregisterAny",
  "connectStoragePoolEventRegisterAny",
  "connectStoragePoolEventDeregisterAny",
] as const);

/** Commands with which the agent changes nothing in its guest. */
const askingCommands = /^guest-(ping|info|sync|fsfreeze-status|get-.*)$/u;

/** Whether a call may change the host or a guest. An agent command counts by what it asks for. */
export const isMutating = (name: ProcedureName, detail: string | undefined): boolean => {
  if (procedures[name].effect === "read" || ofTheSession.has(name)) return false;
  return !(name === "qemuDomainAgentCommand" && detail !== undefined && askingCommands.test(detail));
};
