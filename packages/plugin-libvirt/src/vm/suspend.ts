import type { Context, Handler, Input, Target } from "@quiesce/core";
import { domainSaveFlags, type DomainRef } from "@quiesce/node-libvirt";
import { readMark, suspendedMark, writeMark } from "../api/mark.ts";
import { powerOf } from "../api/power.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { How, Options } from "../options.ts";
import { isHow, suspendMark, suspendRecord } from "./suspend-record.ts";
import { changing, pollPower, unlessMoved, untilLeft } from "./until-changed.ts";

type Suspend = Input<"suspend", Options>;

/**
 * Stops a machine so that it can go on: `pause` (default, memory stays in QEMU), `save` (memory goes to a managed save
 * image on the host, QEMU ends) or `sleep` (ACPI S3 by the guest agent). What the machine did before is written into
 * its metadata first, so that a crash between the two loses nothing. A machine that is off stays off and says so.
 */
export const suspend: Handler<Reader, Writer, Suspend, Target<"vm">> = {
  observe: async ({ api, target, input, tag, signal }) => {
    const { libvirt } = api;
    const domain = await libvirt.domains.byUuid(target.providerId, { signal });
    const power = await powerOf(libvirt, domain, { signal });
    if (power === "running") return { is: "absent" };
    if (power === "changing") return changing;
    const mark = await readMark(libvirt, domain, suspendedMark, { signal });
    const saved = { ...suspendRecord(power, { mark, prior: input.prior, tag }) };
    return { is: "done", outcome: { artefacts: [], covered: [], saved } };
  },

  act: async (c) => {
    const { libvirt } = c.api;
    const domain = await libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    // Somebody else may have stopped it since the look; then there is nothing to do, and no prior state to claim.
    if ((await powerOf(libvirt, domain, { signal: c.signal })) !== "running") return { next: "observe" };
    const how = howOf(c);
    await writeMark(libvirt, domain, suspendedMark, suspendMark(c.tag, how), { signal: c.signal });
    await unlessMoved(c, domain, "running", () => stop(c, domain, how));
    return { next: "observe" };
  },

  poll: pollPower,
};

const howOf = ({ input, target }: Context<Writer, Suspend, Target<"vm">>): How => {
  const asked = input.extra.suspend ?? target.properties["suspend"];
  return isHow(asked) ? asked : "pause";
};

const stop = async (c: Context<Writer, Suspend, Target<"vm">>, domain: DomainRef, how: How): Promise<void> => {
  const { api, signal } = c;
  const { domains, agent } = api.libvirt;
  switch (how) {
    case "pause":
      return await domains.suspend(domain, { signal });
    case "save":
      // As long as its memory is large; the step's own deadline counts.
      return await domains.managedSave(domain, domainSaveFlags.running, { signal, timeoutMs: Infinity });
    case "sleep":
      await agent.setResponseTimeout(domain, api.agentSeconds, { signal });
      await domains.pmSuspend(domain, "memory", { signal });
      await untilLeft(c, domain, "running");
  }
};
