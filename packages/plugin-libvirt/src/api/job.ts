import { isLibvirtError, type CallOptions, type DomainRef, type LibvirtReader } from "@quiesce/node-libvirt";

/**
 * The long job that holds a domain, or undefined. While one goes on, another waits 30 s and fails, so look first. A
 * domain whose monitor does not answer (QEMU is writing a snapshot) counts as busy with a job that nobody can name.
 */
export const jobOf = async (
  { domains }: Pick<LibvirtReader, "domains">,
  domain: DomainRef,
  options: CallOptions,
): Promise<string | undefined> => {
  try {
    const { type, operation } = await domains.jobStats(domain, options);
    return type === "bounded" || type === "unbounded" ? (operation ?? "unknown") : undefined;
  } catch (thrown) {
    // A domain that does not run has no job, and a driver without jobs has none either.
    if (isLibvirtError(thrown, "operation-invalid", "no-support")) return undefined;
    if (isLibvirtError(thrown, "operation-timeout")) return "unknown";
    throw thrown;
  }
};
