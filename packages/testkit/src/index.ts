// The inventory of the test kit's public API.
export { VirtualClock } from "./clock/virtual-clock.ts";
export type { Fault, FaultSwitchboard } from "./faults/fault.ts";
export { faultBox } from "./faults/fault-box.ts";
export type { FaultBox } from "./faults/fault-box.ts";
export { ToyCloud } from "./toy/toy-cloud.ts";
export type { ToySnapshot, ToyVm } from "./toy/toy-cloud.ts";
export { toyPlugin } from "./toy/toy-plugin.ts";
export { toyWorld } from "./toy/toy-world.ts";
export { conformance } from "./conformance/conformance.ts";
export type { ConformanceOptions } from "./conformance/conformance.ts";
export type { Scene, SceneNetwork, SceneSize, SceneVm, Truth, World, WorldFaults } from "./world/world.ts";
export { anyDeployment } from "./arbitraries/any-deployment.ts";
export { anyFacts, anyRestriction } from "./arbitraries/any-facts.ts";
export { anyManifest } from "./arbitraries/any-manifest.ts";
export { anyMatrix } from "./arbitraries/any-matrix.ts";
export { anyPlanRequest } from "./arbitraries/any-plan-request.ts";
export type { PlanRequest, Wildness } from "./arbitraries/plan-request.ts";
