import { existsSync } from "node:fs";
import { listNbdExports, unixSocket } from "@quiesce/node-libvirt/nbd";
import { checkpointXml, clusterBytes, folderOf, readExport, type BackupStage } from "./backup-stage.ts";

interface PullRequest {
  readonly since?: string;
  readonly disks?: string;
  readonly server?: string;
}

/** Pull and push backups: what is refused, what is read, what is left. */
export const backupStory = async (stage: BackupStage): Promise<void> => {
  await whileOff(stage);
  await refusals(stage);
  await full(stage);
  await increments(stage);
  await stores(stage);
  await push(stage);
};

const file = (stage: BackupStage, name: string): string => `${folderOf(stage.story)}/${name}`;
const scratch = (stage: BackupStage, target: string, rest = ""): string =>
  `<disk name='${target}' type='file'${rest}><scratch file='${file(stage, `${target}.scratch`)}'/></disk>`;

const pullXml = (stage: BackupStage, { since, disks, server }: PullRequest = {}): string => {
  const usual = `<disks>${scratch(stage, "vda", " exportname='first' exportbitmap='changed'")}${scratch(stage, "vdb")}
    <disk name='vdc' backup='no'/></disks>`;
  return `<domainbackup mode='pull'>${since === undefined ? "" : `<incremental>${since}</incremental>`}
    ${server ?? `<server transport='unix' socket='${file(stage, "nbd")}'/>`}${disks ?? usual}</domainbackup>`;
};

const pull = (stage: BackupStage, request: PullRequest = {}, checkpoint?: string, flags = 0): Promise<void> => {
  const xml = pullXml(stage, request);
  const checkpointPart = checkpoint === undefined ? {} : { checkpointXml: checkpointXml(checkpoint) };
  return stage.libvirt.backups.begin(stage.story.domain, { xml, ...checkpointPart }, flags);
};

/** The names of what job statistics tell: the numbers differ from run to run. */
const stats = async (
  call: Promise<{ readonly type: string; readonly operation: unknown; readonly params: object }>,
) => {
  const { type, operation, params } = await call;
  return `${type} ${String(operation)}: ${Object.keys(params).sort().join(" ")}`;
};

const whileOff = async (stage: BackupStage): Promise<void> => {
  const { story, libvirt } = stage;
  await story.step("off: backup", () => pull(stage));
  await story.step("off: backup with a checkpoint", () => pull(stage, {}, "c1"));
  await story.look("off: what goes on", () => libvirt.backups.xml(story.domain));
  await story.step("off: abort", () => libvirt.domains.abortJob(story.domain));
  await story.look("off: job", () => libvirt.domains.jobStats(story.domain));
  await story.look("off: completed job", () => stats(libvirt.domains.completedJobStats(story.domain)));
};

const refusals = async (stage: BackupStage): Promise<void> => {
  const { story, libvirt } = stage;
  await story.step("start", () => libvirt.domains.start(story.domain));
  await story.look("no backup: what goes on", () => libvirt.backups.xml(story.domain));
  await story.step("no backup: abort", () => libvirt.domains.abortJob(story.domain));
  await story.look("no backup: job", () => stats(libvirt.domains.jobStats(story.domain)));
  await story.step("checkpoint of all disks, one of them raw", () =>
    libvirt.checkpoints.create(story.domain, "<domaincheckpoint><name>c0</name></domaincheckpoint>"),
  );
  await story.step("checkpoint of a disk that is not there", () =>
    libvirt.checkpoints.create(
      story.domain,
      "<domaincheckpoint><name>c0</name><disks><disk name='vdq'/></disks></domaincheckpoint>",
    ),
  );
  await story.step("checkpoint of a disk that is qcow2 of version 2", () =>
    libvirt.checkpoints.create(
      story.domain,
      "<domaincheckpoint><name>c0</name><disks><disk name='vdd'/></disks></domaincheckpoint>",
    ),
  );
  await story.step("increment since nothing", () => pull(stage, { since: "c0" }));
  await story.step("backup of a disk that is not there", () =>
    pull(stage, { disks: `<disks>${scratch(stage, "vdq")}</disks>` }),
  );
  await story.step("backup of a disk twice", () =>
    pull(stage, { disks: `<disks>${scratch(stage, "vda")}${scratch(stage, "vda")}</disks>` }),
  );
  await story.step("backup of no disk", () => pull(stage, { disks: "<disks><disk name='vda' backup='no'/></disks>" }));
  await story.step("backup that is no XML", () => libvirt.backups.begin(story.domain, { xml: "<domainbackup" }));
  await story.step("backup over TCP without a port", () =>
    pull(stage, { server: "<server transport='tcp' name='127.0.0.1'/>" }),
  );
  await story.look("checkpoints that the refusals have left", () => libvirt.checkpoints.list(story.domain));
};

const full = async (stage: BackupStage): Promise<void> => {
  const { story, libvirt, write } = stage;
  await story.aside(() => write("vda", 0, "A"));
  await story.step("full backup with c1", () => pull(stage, {}, "c1"));
  await story.look("full: in words", () => libvirt.backups.xml(story.domain));
  await story.look("full: job", () => stats(libvirt.domains.jobStats(story.domain)));
  await story.look("full: exports", async () =>
    (await listNbdExports({ socket: unixSocket(file(stage, "nbd")) })).join(" "),
  );
  await story.look("full: vda", () => readExport(story, "first"));
  await story.aside(() => write("vda", 0, "B"));
  await story.aside(() => write("vda", 3 * clusterBytes + 7, "C"));
  await story.look("full: vda after the guest has written", () => readExport(story, "first"));
  await story.look("full: vdb", () => readExport(story, "vdb"));
  await story.step("full: suspend", () => libvirt.domains.suspend(story.domain));
  await story.step("full: resume", () => libvirt.domains.resume(story.domain));
  await story.step("full: checkpoint c2", () => libvirt.checkpoints.create(story.domain, checkpointXml("c2")));
  await story.step("full: checkpoint c1 again", () => libvirt.checkpoints.create(story.domain, checkpointXml("c1")));
  await story.look("full: scratch file", async () => String(existsSync(file(stage, "vda.scratch"))));
  await story.step("full: abort", () => libvirt.domains.abortJob(story.domain));
  await story.look("full: completed job", () => stats(libvirt.domains.completedJobStats(story.domain)));
  await story.look("full: scratch file after the abort", async () => String(existsSync(file(stage, "vda.scratch"))));
  await story.look("full: socket after the abort", async () => String(existsSync(file(stage, "nbd"))));
};

const increments = async (stage: BackupStage): Promise<void> => {
  const { story, libvirt, write } = stage;
  const xml = (name: string, flags: number) => libvirt.checkpoints.xml({ name, domain: story.domain }, flags);
  await story.aside(() => write("vdb", 15 * clusterBytes, "D"));
  await story.look("c1 with sizes", () => xml("c1", 2 | 4));
  await story.look("c2 with sizes", () => xml("c2", 2 | 4));
  await story.step("increment since c1, with c3", () => pull(stage, { since: "c1" }, "c3"));
  await story.look("increment: in words", () => libvirt.backups.xml(story.domain));
  await story.look("increment: vda", () => readExport(story, "first", "changed"));
  await story.look("increment: vdb", () => readExport(story, "vdb", "backup-vdb"));
  await story.step("increment: delete c2", () => libvirt.checkpoints.delete({ name: "c2", domain: story.domain }));
  await story.step("increment: abort", () => libvirt.domains.abortJob(story.domain));
  await story.aside(() => write("vda", 5 * clusterBytes, "E"));
  await story.step("delete c3", () => libvirt.checkpoints.delete({ name: "c3", domain: story.domain }));
  await story.step("increment since c1, once more", () => pull(stage, { since: "c1" }));
  await story.look("its vda", () => readExport(story, "first", "changed"));
  await story.step("its end", () => libvirt.domains.abortJob(story.domain));
  const mixed = (mode: string) => ({
    since: "c1",
    disks: `<disks><disk name='vda' backup='no'/><disk name='vdb' backup='no'/>${scratch(stage, "vdc", mode)}</disks>`,
  });
  await story.step("increment of a disk that c1 leaves out", () => pull(stage, mixed("")));
  await story.step("full of a disk that c1 leaves out", () => pull(stage, mixed(" backupmode='full'")));
  await story.look("full of a raw disk: in words", () => libvirt.backups.xml(story.domain));
  await story.look("full of a raw disk: vdc", () => readExport(story, "vdc"));
  await story.step("full of a raw disk: abort", () => libvirt.domains.abortJob(story.domain));
};

const stores = async (stage: BackupStage): Promise<void> => {
  const { story, libvirt } = stage;
  const pool = await libvirt.pools.byName(story.name);
  const make = (name: string, format: string) =>
    libvirt.volumes.create(
      pool,
      `<volume><name>${name}</name><capacity>${16 * clusterBytes}</capacity><target><format type='${format}'/></target></volume>`,
    );
  const reuse = 1;
  await story.step("files of the client's that are not there", () => pull(stage, {}, undefined, reuse));
  await story.aside(() => make("vda.scratch", "raw"));
  await story.step("a scratch file that is there", () => pull(stage, {}));
  await story.step("a file of the client's that is no qcow2", () => pull(stage, {}, undefined, reuse));
  await story.aside(async () => {
    await libvirt.volumes.delete({ pool: story.name, name: "vda.scratch", key: "" });
    for (const name of ["vda.scratch", "vdb.scratch"]) await make(name, "qcow2");
  });
  await story.step("files of the client's", () => pull(stage, {}, undefined, reuse));
  await story.step("files of the client's: abort", () => libvirt.domains.abortJob(story.domain));
  await story.look("files of the client's stay", async () => String(existsSync(file(stage, "vda.scratch"))));
  await story.aside(async () => {
    for (const name of ["vda.scratch", "vdb.scratch"])
      await libvirt.volumes.delete({ pool: story.name, name, key: "" });
  });
  await story.step("a socket in a folder that is not there", () =>
    pull(stage, { server: `<server transport='unix' socket='${file(stage, "none/nbd")}'/>` }),
  );
  await story.step("a scratch file in a folder that is not there", () =>
    pull(stage, {
      disks: `<disks><disk name='vda' type='file'><scratch file='${file(stage, "none/s")}'/></disk></disks>`,
    }),
  );
  await story.look("scratch files that the refusals have left", async () =>
    String(existsSync(file(stage, "vda.scratch"))),
  );
  await story.step("a backup of all, with names by the daemon", () => pull(stage, { disks: "" }));
  await story.look("a backup of all: in words", () => libvirt.backups.xml(story.domain));
  await story.step("a backup of all: abort", () => libvirt.domains.abortJob(story.domain));
};

const push = async (stage: BackupStage): Promise<void> => {
  const { story, libvirt } = stage;
  const xml = (target: string, since = "") => `<domainbackup mode='push'>${since}<disks><disk name='vda' type='file'>
    <target file='${file(stage, target)}'/><driver type='qcow2'/></disk></disks></domainbackup>`;
  const begin = (target: string, since?: string) => libvirt.backups.begin(story.domain, { xml: xml(target, since) });
  await story.step("push", () => begin("p1"));
  await story.look("push: completed job", () => stats(libvirt.domains.completedJobStats(story.domain)));
  await story.step("push to a target that is there", () => begin("p1"));
  await story.step("push an increment", () => begin("p2", "<incremental>c1</incremental>"));
  await story.look("push of an increment: how many bytes", async () => {
    const { params } = await libvirt.domains.completedJobStats(story.domain);
    return `${String(params["disk_processed"])} of ${String(params["disk_total"])}`;
  });
};
