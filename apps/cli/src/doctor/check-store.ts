import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { isQuiesceError, type Finding } from "@quiesce/core";
import { openStateStoreIfAny, storeFile, type StateStore } from "../compose/state-store.ts";

/** Looks at the state folder and the store without making them; hands an existing store on. */
export const checkStore = async (
  stateDir: string,
): Promise<{ readonly findings: readonly Finding[]; readonly store: StateStore | undefined }> => {
  const about = `state in ${stateDir}`;
  try {
    const store = await openStateStoreIfAny(stateDir);
    if (store === undefined)
      return { findings: [{ level: "ok", about, message: "nothing is stored yet" }], store: undefined };
    return {
      findings: [{ level: "ok", about, message: `opens, store ${store.id}` }, ...(await privacy(stateDir))],
      store,
    };
  } catch (thrown) {
    if (!isQuiesceError(thrown)) throw thrown;
    const fix = thrown.hint === undefined ? {} : { fix: thrown.hint };
    return { findings: [{ level: "error", about, message: thrown.message, ...fix }], store: undefined };
  }
};

/** The journal tells much about machines; others must not read it. */
const privacy = async (stateDir: string): Promise<readonly Finding[]> => {
  const file = storeFile(stateDir);
  const { mode } = await stat(file);
  const writable = await access(file, constants.W_OK).then(
    () => true,
    () => false,
  );
  return [
    ...((mode & 0o077) === 0
      ? []
      : [{ level: "warning" as const, about: file, message: "others can read it", fix: `chmod 600 ${file}` }]),
    ...(writable
      ? []
      : [
          {
            level: "error" as const,
            about: file,
            message: "it cannot be written",
            fix: "No run can start; see the rights of the folder.",
          },
        ]),
  ];
};
