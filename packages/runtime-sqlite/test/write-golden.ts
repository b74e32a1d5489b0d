/**
 * Writes the golden file of the newest schema: once, before its release. A golden file that was released is never
 * written again: it is what users have.
 */
import { fillStore, pictureOf, wallClock } from "@quiesce/testkit/store-contract";
import { asId } from "@quiesce/core";
import { openStore } from "@quiesce/runtime-sqlite";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { migrations } from "../src/schema/migrations.ts";

const base = join(import.meta.dirname, "golden", `store-${migrations.length}`);
if (existsSync(`${base}.db`)) throw new Error(`${base}.db is there already. Remove it first, unless it was released.`);
const clock = wallClock();
const store = await openStore(`${base}.db`, { clock });
await store.deployments.put({ name: asId("shop"), file: "/shop.yaml", addedAt: clock.now() });
await fillStore({ store, clock });
const picture = { id: store.id, deployments: await store.deployments.list(), ...(await pictureOf(store)) };
await store.close();
await writeFile(`${base}.json`, `${JSON.stringify(picture, undefined, 2)}\n`);
