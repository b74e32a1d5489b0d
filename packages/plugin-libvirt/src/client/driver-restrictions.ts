import { operationsOf, type Restriction } from "@quiesce/core";

/** QEMU is what this plugin is made for; another driver of libvirt keeps only what it was seen to do. */
export const driverRestrictions = (driver: string): readonly Restriction[] => {
  if (driver === "QEMU") return [];
  const guest = (["freeze", "thaw"] as const).map((operation) => ({
    cell: { kind: "vm" as const, operation },
    mode: "no-api" as const,
    reason: `The libvirt driver ${driver} passes no commands to a guest agent.`,
  }));
  if (driver === "TEST") return guest;
  return operationsOf("vm").map((operation) => ({
    cell: { kind: "vm", operation },
    mode: "no-api",
    reason: `The libvirt driver ${driver} is not served: this plugin works on QEMU.`,
    fix: "Use a URI of the QEMU driver, such as qemu:///system.",
  }));
};
