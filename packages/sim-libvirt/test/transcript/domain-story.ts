import { domainStartFlags } from "@quiesce/node-libvirt";
import type { Stage } from "./stage.ts";

const ghost = { name: "ghost", uuid: "00000000-0000-4000-8000-000000000000", id: -1 };

/** A domain from its definition until it runs. */
export const domainStory = async ({ story, libvirt, guestXml, agentReady }: Stage): Promise<void> => {
  const { domains, agent } = libvirt;
  const { name } = story;

  await story.step("look up a name that is not there", () => domains.byName("nobody"));
  await story.step("look up a UUID that is not there", () => domains.byUuid(ghost.uuid));
  await story.step("state of a domain that is not there", () => domains.state(ghost));
  await story.step("suspend a domain that is not there", () => domains.suspend(ghost));
  await story.step("define without a name", () => domains.define("<domain type='qemu'/>"));
  await story.step("define without an operating system", () =>
    domains.define("<domain type='qemu'><name>x</name></domain>"),
  );
  await story.step("define what is no domain", () => domains.define("<network/>"));
  await story.step("define what is no XML", () => domains.define("<domain"));
  await story.step("define", async () => {
    story.domain = await domains.define(guestXml(name));
    return story.domain;
  });
  await story.step("define the same name anew", () => domains.define(guestXml(name)));
  await story.step("define the same UUID under another name", () =>
    domains.define(guestXml("other").replace("</name>", `</name><uuid>${story.domain.uuid}</uuid>`)),
  );
  await story.step("define again, with its UUID", () =>
    domains.define(guestXml(name).replace("</name>", `</name><uuid>${story.domain.uuid}</uuid>`)),
  );

  await story.step("off: suspend", () => domains.suspend(story.domain));
  await story.step("off: resume", () => domains.resume(story.domain));
  await story.step("off: destroy", () => domains.destroy(story.domain));
  await story.step("off: shut down", () => domains.shutdown(story.domain));
  await story.step("off: managed save", () => domains.managedSave(story.domain));
  await story.step("off: sleep", () => domains.pmSuspend(story.domain, "memory"));
  await story.step("off: wake", () => domains.pmWakeup(story.domain));
  await story.step("off: freeze", () => agent.freeze(story.domain));
  await story.step("off: thaw", () => agent.thaw(story.domain));
  await story.step("off: file systems", () => agent.filesystems(story.domain));
  await story.step("off: time", () => agent.time(story.domain));
  await story.step("off: ping", () => agent.ping(story.domain));
  await story.step("off: job statistics", () => domains.jobStats(story.domain));
  await story.step("off: abort job", () => domains.abortJob(story.domain));
  await story.step("off: remove managed save", () => domains.removeManagedSave(story.domain));
  await story.step("off: agent's response timeout", () => agent.setResponseTimeout(story.domain, 5));

  await story.step("start with a disk that is not there", async () => {
    const broken = await domains.define(guestXml(`${name}-b`).replaceAll("/vda.qcow2", "/none.qcow2"));
    try {
      await domains.start(broken);
    } finally {
      await domains.undefine(broken);
    }
  });
  await story.step("start, paused", () => domains.start(story.domain, domainStartFlags.paused));
  await story.step("paused: suspend", () => domains.suspend(story.domain));
  await story.step("paused: ping", () => agent.ping(story.domain));
  await story.step("paused: sleep", () => domains.pmSuspend(story.domain, "memory"));
  await story.step("resume", () => domains.resume(story.domain));
  await story.step("running: resume", () => domains.resume(story.domain));
  await story.step("running: start", () => domains.start(story.domain));
  await story.step("running: wake", () => domains.pmWakeup(story.domain));
  await story.aside(agentReady);
  await story.step("suspend", () => domains.suspend(story.domain));
  await story.step("resume again", () => domains.resume(story.domain));
};
