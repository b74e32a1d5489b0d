import type { CallReport, DomainRef, EventStream, Libvirt, LifecycleEvent } from "../../src/index.ts";
import type { ScenarioOptions } from "../client-scenarios.ts";

/** What the scenarios share: one client and one guest, which an earlier scenario has left as the next one needs it. */
export interface World {
  readonly options: ScenarioOptions;
  readonly onCall: (report: CallReport) => void;
  libvirt: Libvirt;
  domain: DomainRef;
  /** Of all domains. */
  lifecycle: EventStream<LifecycleEvent>;
}
