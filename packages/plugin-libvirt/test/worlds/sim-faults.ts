import type { Fault, WorldFaults } from "@quiesce/testkit";
import type { FaultInput, Hypervisor } from "@quiesce/sim-libvirt";

/** libvirt's own numbers: 38 is a failed system call, 68 a lock that another job holds. */
const refused = { code: 38, message: "refused by the test" };
const busy = { code: 68, message: "Timed out during operation: cannot acquire state change lock" };

const actionOf = ({ does }: Fault): Parameters<Hypervisor["faults"]["add"]>[0]["do"] => {
  switch (does.what) {
    case "fail":
      return { kind: "fail", error: does.transient === true ? busy : refused };
    case "lose-reply":
      return { kind: "drop-connection", when: "after" };
    case "end-session":
      return { kind: "drop-connection" };
    case "hang":
      return { kind: "no-reply", when: does.effect ? "after" : "before" };
    case "delay":
      return { kind: "delay", ms: does.ms };
  }
};

/** The switchboard of the kit, on the simulator's. Targets are UUIDs there and names here. */
export const simFaults = (host: Hypervisor): WorldFaults => ({
  transient: true,
  callOf: {
    suspend: "domainSuspend",
    resume: "domainResume",
    freeze: "domainFsFreeze",
    thaw: "domainFsThaw",
    "snapshot.create": "domainSnapshotCreateXml",
    "snapshot.restore": "domainRevertToSnapshot",
    "snapshot.remove": "domainSnapshotDelete",
    "backup.create": "domainBackupBegin",
    "backup.restore": "domainDefineXmlFlags",
    "backup.remove": "domainCheckpointDelete",
  },
  heldBy: { prepare: "storageVolCreateXml", release: "domainAbortJob" },
  board: {
    set: async (...faults) => {
      for (const fault of faults) {
        // A call on a volume knows no machine.
        const domain = fault.call.startsWith("domain") && !fault.call.startsWith("domainDefine");
        const object = domain ? host.truth.domains().find(({ uuid }) => uuid === fault.target)?.name : undefined;
        host.faults.add({
          on: {
            procedure: fault.call as FaultInput["on"]["procedure"],
            ...(object === undefined ? {} : { object }),
            nth: (fault.after ?? 0) + 1,
            times: fault.times ?? 1,
          },
          do: actionOf(fault),
        });
      }
    },
    clear: async () => host.faults.clear(),
  },
});
