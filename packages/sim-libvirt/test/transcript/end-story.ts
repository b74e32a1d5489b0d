import { domainUndefineFlags } from "@quiesce/node-libvirt";
import type { Stage } from "./stage.ts";

/** Managed save, and the end of the domain. */
export const endStory = async ({ story, libvirt: { domains } }: Stage): Promise<void> => {
  await story.step("suspend before a managed save", () => domains.suspend(story.domain));
  await story.step("paused: managed save", () => domains.managedSave(story.domain));
  await story.step("start from the paused save", () => domains.start(story.domain));
  await story.step("resume from the paused save", () => domains.resume(story.domain));
  await story.step("running: managed save", () => domains.managedSave(story.domain));
  await story.step("saved: undefine without removing the save", () => domains.undefine(story.domain));
  await story.step("start from the running save", () => domains.start(story.domain));
  await story.step("managed save to be removed", () => domains.managedSave(story.domain));
  await story.step("remove the managed save", () => domains.removeManagedSave(story.domain));
  await story.step("start afresh", () => domains.start(story.domain));
  await story.step("undefine while it runs", () => domains.undefine(story.domain, domainUndefineFlags.nvram));
  await story.step("transient: autostart", () => domains.setAutostart(story.domain, true));
  await story.step("transient: managed save", () => domains.managedSave(story.domain));
  await story.step("transient: undefine", () => domains.undefine(story.domain));
  await story.step("transient: destroy", () => domains.destroy(story.domain));
};
