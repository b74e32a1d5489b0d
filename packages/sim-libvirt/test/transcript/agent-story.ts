import type { Stage } from "./stage.ts";

/** The agent of a running guest. */
export const agentStory = async ({ story, libvirt: { agent, domains } }: Stage): Promise<void> => {
  const command = (execute: string) => agent.command(story.domain, { execute });

  await story.step("freeze", () => agent.freeze(story.domain));
  await story.step("frozen: freeze", () => agent.freeze(story.domain));
  await story.step("frozen: status", () => agent.fsfreezeStatus(story.domain));
  await story.step("frozen: ping", () => agent.ping(story.domain));
  await story.step("frozen: file systems", () => agent.filesystems(story.domain));
  await story.step("frozen: time", () => agent.time(story.domain));
  await story.step("frozen: guest information", () => agent.guestInfo(story.domain));
  await story.step("frozen: sleep", () => domains.pmSuspend(story.domain, "memory"));
  await story.step("thaw", () => agent.thaw(story.domain));
  await story.step("thaw again", () => agent.thaw(story.domain));
  await story.step("freeze one file system", () => agent.freeze(story.domain, ["/vdb"]));
  await story.step("one frozen: status", () => agent.fsfreezeStatus(story.domain));
  await story.step("thaw one", () => agent.thaw(story.domain));
  await story.step("freeze a file system that is not there", () => agent.freeze(story.domain, ["/none"]));
  await story.step("nothing frozen: status", () => agent.fsfreezeStatus(story.domain));
  await story.step("a command that is none", () => command("guest-nonesuch"));
  await story.step("no job: abort", () => domains.abortJob(story.domain));
  await story.step("no job: statistics", async () => (await domains.jobStats(story.domain)).type);
  await story.step("metadata that is not there", () => domains.metadata(story.domain, "http://example.org/a"));
  await story.step("metadata that is no XML", () =>
    domains.setMetadata(story.domain, { uri: "http://example.org/a", prefix: "a", xml: "<m" }),
  );
};
