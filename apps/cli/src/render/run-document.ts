import type { RunSummary } from "@quiesce/core";

/** A run's result as it is published: `quiesce.run/1`. */
export const runDocument = (summary: RunSummary): object => ({
  ...summary,
  instances: summary.instances.map((item) => ({
    ...item,
    artefacts: item.artefacts.map(({ kind, id, bytes }) => ({ kind, id, ...(bytes === undefined ? {} : { bytes }) })),
  })),
});
