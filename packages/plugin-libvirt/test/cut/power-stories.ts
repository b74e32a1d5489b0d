import type { JsonObject } from "@quiesce/core";
import type { How } from "../../src/options.ts";
import type { Process } from "./process.ts";
import type { Story } from "./story.ts";

const hows: readonly How[] = ["pause", "save", "sleep"];

const suspend = async (p: Process, how: How): Promise<JsonObject> =>
  await p.take("suspend", { extra: { suspend: how } });

/** Looked at twice: what a dead process asked for may come. Suspended, it is resumed; then what is left of it goes. */
const unsuspend = async (p: Process, how: How): Promise<void> => {
  const { driver, info } = p.step("suspend", { extra: { suspend: how } });
  const seen = await p.settled(await driver.observe(info), () => driver.observe(info));
  if (seen.is !== "absent") await p.take("resume", { prior: await suspend(p, how) });
  await p.sweep();
};

/** The state before is that of before the first try, whatever came between. */
const expectPrior = (saved: JsonObject): void => {
  if (saved["prior"] !== "running") throw new Error(`The suspend remembers ${JSON.stringify(saved)}.`);
};

/** A payment: it acts without a look. */
const thaw = async (p: Process): Promise<void> => {
  const froze = p.noted("freeze");
  const { driver, info } = p.step("thaw", { setClock: false, ...(froze === undefined ? {} : { froze }) });
  const acted = await driver.act(info);
  if (acted.next !== "evidence") throw new Error(`The thaw ended as ${acted.next}.`);
};

export const powerStories: readonly Story[] = [
  ...hows.map((how): Story => ({
    title: `suspend (${how})`,
    machine: {},
    work: async (p) => expectPrior(await suspend(p, how)),
    goOn: async (p) => expectPrior(await suspend(p, how)),
    takeBack: (p) => unsuspend(p, how),
  })),
  ...hows.map((how): Story => {
    const resume = async (p: Process): Promise<void> => {
      await p.take("resume", { prior: p.noted("suspend") ?? {} });
    };
    return {
      title: `resume (${how})`,
      machine: {},
      before: async (p) => p.note("suspend", await suspend(p, how)),
      work: resume,
      goOn: resume,
    };
  }),
  {
    title: "freeze and thaw",
    machine: {},
    work: async (p) => {
      p.note("freeze", await p.take("freeze", { guestTimerMs: 0 }));
      await thaw(p);
    },
    takeBack: async (p) => {
      await thaw(p);
      if (p.noted("freeze") !== undefined) return;
      // Nobody saw the freeze, which may come only now.
      await p.settle();
      await thaw(p);
    },
  },
];
