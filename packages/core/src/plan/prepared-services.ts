import type { InstanceId } from "../model/id.ts";
import { writtenMember, type Member } from "./member.ts";
import type { Planning } from "./world.ts";

/** Services that bind a freeze take part although a set holds nothing of them. */
export const preparedServices = (planning: Planning, ids: readonly InstanceId[]): readonly Member[] =>
  ids.flatMap((id) => {
    const instance = planning.world.instances.get(id);
    return instance?.kind === "other" && instance.bound.freeze !== undefined ? [writtenMember(id, instance)] : [];
  });
