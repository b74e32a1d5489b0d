import {
  failure,
  type Context,
  type Handler,
  type Input,
  type JsonObject,
  type Outcome,
  type Target,
} from "@quiesce/core";
import { isLibvirtError, type DomainRef } from "@quiesce/node-libvirt";
import { powerOf } from "../api/power.ts";
import { isAgentAbsent } from "../client/agent-absent.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { setGuestClock } from "./guest-clock.ts";

type Thaw<Api> = Context<Api, Input<"thaw", Options>, Target<"vm">>;

const againMs = 250;

/**
 * Thaws a guest by its agent; safe to repeat. A machine that ended or is gone has nothing frozen. One that is paused, asleep
 * or saved keeps its freeze in memory, so that the thaw stays owed.
 */
export const thaw: Handler<Reader, Writer, Input<"thaw", Options>, Target<"vm">> = {
  observe: async (c) => {
    const domain = await domainOf(c);
    if (domain === undefined || (await powerOf(c.api.libvirt, domain, { signal: c.signal })) === "off")
      return { is: "done", outcome: thawed({ ended: true }) };
    const status = await c.api.guest.freezeStatus(domain, { signal: c.signal });
    return status === "frozen" ? { is: "absent" } : { is: "done", outcome: thawed({}) };
  },

  act: async (c) => {
    const domain = await domainOf(c);
    if (domain === undefined) return { next: "evidence", outcome: thawed({ ended: true }) };
    const filesystems = await thawNow(c, domain);
    if (filesystems === "ended") return { next: "evidence", outcome: thawed({ ended: true }) };
    const clock = c.input.setClock ? { clock: await setGuestClock(c.api, domain, c.signal) } : {};
    return { next: "evidence", outcome: thawed({ filesystems, ...clock }) };
  },
};

const domainOf = ({ api, target, signal }: Thaw<Reader>): Promise<DomainRef | undefined> =>
  orUndefined(api.libvirt.domains.byUuid(target.providerId, { signal }), "no-domain");

const thawNow = async (c: Thaw<Writer>, domain: DomainRef): Promise<number | "ended"> => {
  const { agent } = c.api.libvirt;
  for (;;) {
    try {
      await agent.setResponseTimeout(domain, c.api.agentSeconds, { signal: c.signal });
      return await agent.thaw(domain, { signal: c.signal });
    } catch (thrown) {
      if (isLibvirtError(thrown, "operation-invalid")) return await whyNotRunning(c, domain);
      // A guest that was just restored opens its end of the channel a moment later.
      if (!c.input.setClock || !isAgentAbsent(thrown)) throw thrown;
    }
    await c.sleep(againMs);
  }
};

const whyNotRunning = async (c: Thaw<Writer>, domain: DomainRef): Promise<"ended"> => {
  const power = await powerOf(c.api.libvirt, domain, { signal: c.signal });
  if (power === "off") return "ended";
  throw failure(
    "conflict",
    `${domain.name} is ${power}, so its agent cannot thaw it; it may be frozen. ` +
      `Let it run again (virsh resume ${domain.name}, or virsh start), then: virsh domfsthaw ${domain.name}`,
    { retry: "later" },
  );
};

const thawed = (saved: JsonObject): Outcome => ({ artefacts: [], covered: [], saved });
