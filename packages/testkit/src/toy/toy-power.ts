import { failure } from "@quiesce/core";
import { absent, done, look, type Of } from "./toy-context.ts";

export const suspend: Of<"suspend"> = {
  observe: async (c) => {
    const { power, note } = await c.api.read(c.target.providerId, c.signal);
    return power === "running" ? absent : done({ saved: c.input.prior ?? { power: note ?? power } });
  },
  act: async (c) => {
    await c.api.power(c.target.providerId, "suspended", "running", c.signal);
    return look;
  },
};

export const resume: Of<"resume"> = {
  observe: async (c) => {
    const { power } = await c.api.read(c.target.providerId, c.signal);
    return power === (c.input.prior["power"] ?? "running") ? done() : absent;
  },
  act: async (c) => {
    await c.api.power(c.target.providerId, "running", undefined, c.signal);
    return look;
  },
};

export const freeze: Of<"freeze"> = {
  observe: async (c) =>
    (await c.api.read(c.target.providerId, c.signal)).frozen ? done({ saved: { fileSystems: 1 } }) : absent,
  act: async (c) => {
    const fileSystems = await c.api.freeze(c.target.providerId, c.signal);
    if (fileSystems === 0) throw failure("conflict", `${c.target.providerId} has no file system that can be frozen.`);
    return { next: "evidence", outcome: done({ saved: { fileSystems } }).outcome };
  },
};

export const thaw: Of<"thaw"> = {
  observe: async (c) => ((await c.api.read(c.target.providerId, c.signal)).frozen ? absent : done()),
  act: async (c) => {
    await c.api.thaw(c.target.providerId, c.signal);
    return look;
  },
};
