// Type tests: each @ts-expect-error must fire, or `tsc -p tsconfig.test.json` fails.
import { byCompare, byVm, defineCapabilities, noApi, supported } from "../capability/declare.ts";
import type { Input } from "../vocabulary/inputs.ts";
import type { Operation } from "../vocabulary/operation.ts";
import type { CaptureHandler, Handler } from "./handler.ts";
import type { Handlers } from "./handlers.ts";
import type { Target } from "./target.ts";

interface Read {
  get(id: string): Promise<string>;
}
interface Write extends Read {
  post(id: string): Promise<void>;
}

const no = noApi("the toy cloud has no call for it");
const none = {
  "snapshot.create": no,
  "snapshot.restore": no,
  "snapshot.remove": no,
  "backup.create": no,
  "backup.restore": no,
  "backup.remove": no,
} as const;

const matrix = defineCapabilities({
  vm: { ...none, suspend: supported("0.1.0"), resume: no, freeze: no, thaw: no, "snapshot.create": supported("0.1.0") },
  volume: { ...none, "snapshot.create": byVm("0.1.0") },
  network: { ...none, "backup.restore": byCompare("0.1.0") },
});

// @ts-expect-error a matrix with a hole is no matrix
defineCapabilities({ vm: { suspend: supported("0.1.0") }, volume: none, network: none });

type Options = { readonly suspend: { readonly how: "pause" | "save" } };
type Of<O extends Operation> = Input<O, Options>;

const suspend: Handler<Read, Write, Of<"suspend">, Target<"vm">> = {
  observe: async (c) =>
    (await c.api.get(c.target.providerId)) === c.input.extra.how ? { is: "absent" } : { is: "absent" },
  act: async (c) => {
    await c.api.post(c.target.providerId);
    return { next: "observe" };
  },
};
const create: CaptureHandler<Read, Write, Of<"snapshot.create">, Target<"vm">> = {
  observe: async () => ({ is: "absent" }),
  act: async () => ({ next: "observe" }),
  complete: async () => {},
  discard: async () => {},
};
const compare = { compare: async () => [] };

type Toy = Handlers<Read, Write, Options, typeof matrix>;

export const good: Toy = {
  vm: { suspend, "snapshot.create": create },
  volume: {},
  network: { "backup.restore": compare },
};

export const missing: Toy = {
  // @ts-expect-error a supported cell needs its handler
  vm: { "snapshot.create": create },
  volume: {},
  network: { "backup.restore": compare },
};

const tooMuch = { suspend, "snapshot.create": create, resume: suspend };
export const forbidden: Toy = {
  // @ts-expect-error a cell that is not supported must not have one, also through a variable
  vm: tooMuch,
  volume: {},
  network: { "backup.restore": compare },
};

export const incomplete: Toy = {
  // @ts-expect-error a create needs `complete`
  vm: { suspend, "snapshot.create": suspend },
  volume: {},
  network: { "backup.restore": compare },
};

export const writing: Toy = {
  vm: { suspend, "snapshot.create": create },
  volume: {},
  network: {
    "backup.restore": {
      compare: async (c) => {
        // @ts-expect-error a compare handler gets the reading half only
        await c.api.post("x");
        return [];
      },
    },
  },
};

export const claiming: Toy = {
  vm: {
    // @ts-expect-error act cannot claim success
    suspend: { observe: suspend.observe, act: async () => ({ is: "done" }) },
    "snapshot.create": create,
  },
  volume: {},
  network: { "backup.restore": compare },
};
