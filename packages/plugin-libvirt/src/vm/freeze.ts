import { failure, ProviderFailure, type Handler, type Input, type Outcome, type Target } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import { refusable } from "../client/refused.ts";
import type { Options } from "../options.ts";

/**
 * Freezes all file systems of a guest by its agent. The agent's own count is the evidence: none is no freeze. A guest that is
 * frozen before our first try was frozen by somebody else and is left to them; after a try of ours in doubt it is ours, and a
 * thaw is owed already.
 */
export const freeze: Handler<Reader, Writer, Input<"freeze", Options>, Target<"vm">> = {
  observe: async ({ api, target, attempt, signal }) => {
    const domain = await api.libvirt.domains.byUuid(target.providerId, { signal });
    const status = await api.guest.freezeStatus(domain, { signal });
    if (status === "thawed") return { is: "absent" };
    if (attempt > 1) return { is: "done", outcome: frozen("unknown") };
    throw new ProviderFailure({
      code: "conflict",
      advice: { retry: "never" },
      noEffect: true,
      message:
        `The guest ${domain.name} is frozen already, by something else than this run. ` +
        `When nothing else works on it, thaw it: virsh domfsthaw ${domain.name}`,
    });
  },

  act: async ({ api, target, signal }) => {
    const { domains, agent } = api.libvirt;
    const domain = await domains.byUuid(target.providerId, { signal });
    // Without a limit the daemon waits for a hung agent for ever and keeps every later call to it out, the thaw too.
    await agent.setResponseTimeout(domain, api.agentSeconds, { signal });
    const filesystems = await refusable(() => agent.freeze(domain, [], { signal }));
    if (filesystems > 0) return { next: "evidence", outcome: frozen(filesystems) };
    throw failure(
      "conflict",
      `The agent in ${domain.name} froze no file system: none is mounted that can be frozen, or its hooks refuse it.`,
    );
  },
};

const frozen = (filesystems: number | "unknown"): Outcome => ({ artefacts: [], covered: [], saved: { filesystems } });
