import type { Stage } from "./stage.ts";

/** Sleep in memory. */
export const sleepStory = async ({ story, libvirt: { domains, snapshots, agent } }: Stage): Promise<void> => {
  await story.step("sleep", () => domains.pmSuspend(story.domain, "memory"));
  await story.step("asleep: freeze", () => agent.freeze(story.domain));
  await story.step("asleep: suspend", () => domains.suspend(story.domain));
  await story.step("asleep: resume", () => domains.resume(story.domain));
  await story.step("asleep: snapshot", () =>
    snapshots.create(story.domain, "<domainsnapshot><name>x</name></domainsnapshot>"),
  );
  await story.step("wake", () => domains.pmWakeup(story.domain));
};
