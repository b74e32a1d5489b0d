import type { CallOptions } from "../connection/caller.ts";
import type { Connection } from "../connection/connection.ts";
import type { EventMessage } from "../protocol/event-message.ts";
import type { XdrType, XdrValue } from "../protocol/xdr-type.ts";
import type { EventRegistration } from "./event-registrations.ts";
import { EventStream } from "./event-stream.ts";

const unsubscribeMs = 5000;

/** Registers for an event; resolves when the daemon has taken the registration. `translate` makes of each message what the stream gives. */
export const subscribe = async <M extends XdrType, T>(
  connect: (signal?: AbortSignal) => Promise<Connection>,
  event: EventMessage<M>,
  { register, deregister }: EventRegistration,
  options: CallOptions | undefined,
  translate: (message: XdrValue<M>) => T,
): Promise<EventStream<T>> => {
  const connection = await connect(options?.signal);
  const stream = new EventStream<T>(() => unsubscribe());
  const listener = {
    event: (message: XdrValue<M>) => stream.push(translate(message)),
    end: (error?: Error) => stream.end(error),
  };
  const callbackId = await connection.events.listen(
    event,
    listener,
    async () => (await register(connection, event.eventId, options)).callbackId,
  );
  const unsubscribe = async (): Promise<void> => {
    connection.events.forget(event, callbackId);
    // Best effort: from here on its events go nowhere in any case.
    await deregister(connection, callbackId, { timeoutMs: unsubscribeMs }).catch(() => {});
  };
  return stream;
};
