import type { Define } from "../program/command-entry.ts";
import { printEvents } from "../records/print-events.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[run]", "id of the run or its beginning; by default the newest")
    .option("-f, --follow", "go on until the run has ended")
    .action((run: string | undefined, { follow }: { readonly follow?: boolean }) =>
      printEvents(run, follow === true, invocation),
    );
};
