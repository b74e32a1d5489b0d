import type { RecoveryRecord } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { deploymentIdOf } from "../../records/deployment-id.ts";
import { age } from "../../render/age.ts";
import { bytes } from "../../render/bytes.ts";
import { localTime } from "../../render/local-time.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[deployment]", "only the restores of this deployment")
    .action((deployment: string | undefined) => list(deployment, invocation));
};

const columns = ["DEPLOYMENT", "INSTANCE", "RESTORED BY", "FROM", "WAY BACK", "SIZE", "MADE", "AGE"].map((heading) => ({
  heading,
}));

const list = async (wanted: string | undefined, invocation: Invocation): Promise<void> => {
  const { output, cwd } = invocation;
  const found = await withStoreIfAny(
    invocation,
    (): readonly RecoveryRecord[] => [],
    async (store) =>
      await store.recoveries(wanted === undefined ? {} : { deployment: await deploymentIdOf(wanted, cwd, store) }),
  );
  output.document({ schema: "quiesce.recovery-points/1", recoveryPoints: found.map(documentOf) });
  output.result(found.length === 0 ? "No restore has a way back." : `${table(columns, found.map(rowOf))}\n${hint}`);
};

const hint =
  "Go back: quiesce restore DEPLOYMENT --undo RUN. Keep what was restored, and free the room: quiesce restore DEPLOYMENT --commit RUN";

/** Without what only the plugin reads. */
const documentOf = (record: RecoveryRecord) => {
  const { run, deployment, instance, kind, provider, providerId, at, backup, point } = record;
  const { is, detail, bytes: size } = point;
  return {
    run,
    deployment,
    instance,
    kind,
    provider,
    providerId,
    at,
    backup,
    is,
    detail,
    ...(size === undefined ? {} : { bytes: size }),
  };
};

const rowOf = ({ deployment, instance, run, backup, point, at }: RecoveryRecord): readonly string[] => [
  deployment,
  instance,
  run,
  `${backup.kind} ${backup.name}`,
  wordOf[point.is],
  point.bytes === undefined ? "" : bytes(point.bytes),
  localTime(at),
  age(at, Date.now()),
];

const wordOf: Readonly<Record<RecoveryRecord["point"]["is"], string>> = {
  "old-disks": "old disks",
  clone: "clone",
  image: "image",
  snapshot: "snapshot",
  absent: "remove it",
};
