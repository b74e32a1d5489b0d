import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder, which goes with the test. */
export const scratch = () => mkdtempDisposable(join(tmpdir(), "quiesce-repository-"));
