import { failure, type Context, type Handler, type Input, type Target } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { readMark, removeMark, suspendedMark } from "../api/mark.ts";
import { powerOf, type Power } from "../api/power.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { recordOf, type SuspendRecord } from "./suspend-record.ts";
import { changing, pollPower, unlessMoved, untilLeft } from "./until-changed.ts";

type Resume = Context<Reader, Input<"resume", Options>, Target<"vm">>;

/**
 * Puts back the state that the suspend recorded and nothing else: a machine that was off or paused before is left alone.
 * Done when it runs and our mark is gone.
 */
export const resume: Handler<Reader, Writer, Input<"resume", Options>, Target<"vm">> = {
  observe: async (c) => {
    const { libvirt } = c.api;
    const { prior } = priorOf(c);
    const domain = await libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    const power = await powerOf(libvirt, domain, { signal: c.signal });
    if (prior !== "running") return done(power);
    if (power === "changing") return changing;
    if (power !== "running" || (await isMarked(c, domain))) return { is: "absent" };
    return done(power);
  },

  act: async (c) => {
    const { libvirt } = c.api;
    if (priorOf(c).prior !== "running") return { next: "observe" };
    const domain = await libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    // A machine that slept when it was saved comes back paused, so one state may follow another.
    let power = await powerOf(libvirt, domain, { signal: c.signal });
    while (power !== "running") {
      const from = power;
      await unlessMoved(c, domain, from, () => wake(c, domain, from));
      power = await untilLeft(c, domain, power);
    }
    if (await isMarked(c, domain)) await removeMark(libvirt, domain, suspendedMark, { signal: c.signal });
    return { next: "observe" };
  },

  poll: pollPower,
};

const wake = async (c: Context<Writer, Input<"resume", Options>, Target<"vm">>, domain: DomainRef, power: Power) => {
  const { domains } = c.api.libvirt;
  switch (power) {
    case "paused":
      return await domains.resume(domain, { signal: c.signal });
    case "asleep":
      return await domains.pmWakeup(domain, { signal: c.signal });
    case "saved":
      await domains.start(domain, 0, { signal: c.signal, timeoutMs: Infinity });
      return;
    case "off":
      throw failure(
        "conflict",
        `${domain.name} was shut off after it had been suspended, so its memory is gone and there is nothing to resume. ` +
          `If it does not run elsewhere by now, start it: virsh start ${domain.name}`,
      );
    case "running":
    case "changing":
  }
};

const priorOf = ({ input, target }: Pick<Resume, "input" | "target">): SuspendRecord => {
  const record = recordOf(input.prior);
  if (record !== undefined) return record;
  throw failure(
    "invalid",
    `The record of the suspend of ${target.providerId} does not say what the machine did before.`,
  );
};

const isMarked = async ({ api, tag, signal }: Resume, domain: DomainRef): Promise<boolean> =>
  (await readMark(api.libvirt, domain, suspendedMark, { signal }))?.["store"] === tag.store;

const done = (state: Power) => ({ is: "done", outcome: { artefacts: [], covered: [], saved: { state } } }) as const;
