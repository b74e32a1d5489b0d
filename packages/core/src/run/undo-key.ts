import { asId, type StepKey } from "../model/id.ts";

/** The step that takes another one back. */
export const undoKey = (key: StepKey): StepKey => asId<StepKey>(`undo/${key}`);
