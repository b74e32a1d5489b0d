import type { Connection, Fleet, Repository, Runner, RuntimeParts, Step, StepDriver, Store } from "@quiesce/core";
import type { Life } from "./life.ts";
import { mortalClock } from "./mortal-clock.ts";
import { mortalList, mortalPort } from "./mortal-port.ts";

/**
 * The parts of an engine that dies with this life. There are points before and after each write to the store and to
 * the repository and each call of a plugin's or a runner's handler. A simulator in the same process that sends its
 * calls through `Life.carry` has points, and calls that arrive late, inside the handlers too.
 */
export const mortalParts = (parts: RuntimeParts, life: Life): RuntimeParts => ({
  ...parts,
  store: mortalStore(parts.store, life),
  fleet: mortalFleet(parts.fleet, life),
  clock: mortalClock(parts.clock, life),
  ...(parts.repository === undefined ? {} : { repository: mortalRepository(parts.repository, life) }),
});

const mortalStore = (store: Store, life: Life): Store =>
  mortalPort(store, life, {
    name: "store",
    points: ["begin", "claim", "commit", "takeOver", "letGo", "renew", "requestCancel", "annotate", "adopt"],
    inner: { catalogue: (catalogue) => mortalPort(catalogue, life, { name: "catalogue", points: [] }) },
  });

const mortalRepository = (repository: Repository, life: Life): Repository =>
  mortalPort(repository, life, {
    name: "repository",
    points: ["keepManifest", "dropManifest", "dropUnfinished"],
    inner: {
      folder: (folder) => (place) =>
        mortalPort(folder.call(repository, place), life, {
          name: `folder of ${place.instance}`,
          points: ["putDisk", "putFile", "remove", "clear"],
        }),
      sets: (sets) => (signal) => mortalList(sets.call(repository, signal), life),
    },
  });

const mortalFleet = (fleet: Fleet, life: Life): Fleet => ({
  connection: (provider, lane) =>
    life.call(undefined, async () => mortalConnection(await fleet.connection(provider, lane), life)),
  runner: (name) => life.call(undefined, async () => mortalRunner(await fleet.runner(name), life)),
  close: () => fleet.close(),
});

const mortalConnection = (connection: Connection, life: Life): Connection =>
  mortalPort(connection, life, {
    name: "connection",
    points: ["discard"],
    inner: {
      drive: (drive) => (step) => mortalDriver(drive.call(connection, step), step, life),
      owned: (owned) => (by, signal) => mortalList(owned.call(connection, by, signal), life),
      discover: (discover) => (signal) => mortalList(discover.call(connection, signal), life),
    },
  });

const mortalRunner = (runner: Runner, life: Life): Runner => ({
  ...runner,
  drive: (step) => mortalDriver(runner.drive(step), step, life),
});

const mortalDriver = (driver: StepDriver, { key }: Step, life: Life): StepDriver =>
  mortalPort(driver, life, {
    name: key,
    points: ["observe", "act", "poll", "complete", "prepare", "discard", "release", "cancel", "compare"],
  });
