import type { RecoveryPoint } from "../plugin/survey.ts";
import type { BackupKind } from "../vocabulary/operation.ts";
import type { Member } from "./member.ts";

/** What a restore in place can be taken back by, as the survey of the machine that is there now says. */
export const recoveryOf = ({ survey }: Member, kind: BackupKind): { readonly recovery?: RecoveryPoint } => {
  const recovery = survey?.recovery?.[`${kind}.restore`];
  return recovery === undefined ? {} : { recovery };
};
