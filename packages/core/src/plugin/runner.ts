import type { JsonObject } from "../model/json.ts";
import type { Outcome } from "../model/artefact.ts";
import type { Schema } from "../model/schema.ts";
import type { InstanceKind, Operation } from "../vocabulary/operation.ts";
import type { Context } from "./context.ts";
import type { Sighting } from "./handler.ts";
import type { StepDriver } from "./plugin.ts";
import type { Step } from "../plan/plan.ts";
import type { Target } from "./target.ts";

/** What a bound call gets beside its own arguments: every parameter of the workflow, unchanged. */
export interface RunnerInput {
  readonly operation: Operation;
  readonly parameters: JsonObject;
  readonly guestTimerMs?: number;
}

/** A runner has no matrix: it does what an instance binds (a local script, a command over SSH). */
export interface RunnerSpec<A> {
  readonly name: string;
  readonly apiVersion: 1;
  readonly arguments: Schema<A>;
  run(c: Context<undefined, RunnerInput, Target<InstanceKind>>, args: A): Promise<Outcome>;
  observe?(c: Context<undefined, RunnerInput, Target<InstanceKind>>, args: A): Promise<Sighting>;
}

/** A runner with its types closed over. */
export interface Runner {
  readonly kind: "runner";
  readonly name: string;
  readonly apiVersion: 1;
  drive(step: Step): StepDriver;
}
