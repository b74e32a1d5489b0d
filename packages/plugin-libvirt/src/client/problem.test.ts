import { isProviderFailure } from "@quiesce/core";
import {
  CallTimedOutError,
  ConnectError,
  ConnectionLostError,
  LibvirtError,
  ProtocolError,
  UriError,
} from "@quiesce/node-libvirt";
import { expect, test } from "vitest";
import { problem } from "./problem.ts";
import { refusable } from "./refused.ts";

/** An error as the daemon sends it: code and text were seen with libvirt 9.0. */
const daemon = (code: number, message: string, procedure = "DOMAIN_FSFREEZE"): LibvirtError =>
  new LibvirtError(procedure, { code, domain: 10, message, level: 2 } as ConstructorParameters<typeof LibvirtError>[1]);

const gone = daemon(42, "Domain not found: no domain with matching name 'nope'");
const stopped = daemon(55, "Requested operation is not valid: domain is not running");
const absent = daemon(86, "Guest agent is not responding: QEMU guest agent is not connected");
const hung = daemon(86, "Guest agent is not responding: Guest agent not available for now");
const locked = daemon(68, "Timed out during operation: cannot acquire state change lock (held by agent=x)");
const unlocked = daemon(68, "Timed out during operation: something else");
const frozen = daemon(
  1,
  "internal error: unable to execute QEMU agent command 'guest-fsfreeze-freeze': Command guest-fsfreeze-freeze has been disabled: the agent is in frozen state",
);
const broken = daemon(1, "internal error: QEMU died");
const taken = daemon(9, "operation failed: domain moment dup already exists");
const denied = daemon(88, "access denied");

const cases: readonly [string, unknown, string, string, refused: boolean][] = [
  ["no domain", gone, "not-found", "never", true],
  ["not running", stopped, "conflict", "never", true],
  ["no agent", absent, "unavailable", "observe-first", true],
  ["hung agent: the command may be executed later", hung, "unavailable", "observe-first", false],
  ["locked by another job", locked, "unavailable", "later", true],
  ["another time-out of the daemon", unlocked, "unavailable", "later", false],
  ["frozen already", frozen, "unavailable", "observe-first", true],
  ["an inner error", broken, "unavailable", "observe-first", false],
  ["a name that is taken", taken, "unavailable", "observe-first", false],
  ["no right", denied, "forbidden", "never", true],
  ["never sent", new CallTimedOutError("X", 5, "not-sent"), "timed-out", "later", true],
  ["sent, no answer", new CallTimedOutError("X", 5, "unknown"), "timed-out", "observe-first", false],
  ["lost before it was sent", new ConnectionLostError("X", "closed", "not-sent"), "unavailable", "later", true],
  ["lost after it was sent", new ConnectionLostError("X", "closed", "unknown"), "unavailable", "observe-first", false],
  ["no daemon", new ConnectError("no-socket", "no socket at /x"), "unavailable", "later", true],
  ["wrong credentials", new ConnectError("authentication", "polkit"), "unauthenticated", "never", true],
  ["no right to the socket", new ConnectError("forbidden", "/x"), "forbidden", "never", true],
  ["a bad URI", new UriError("bad"), "invalid", "never", true],
  ["nonsense on the wire", new ProtocolError("?"), "protocol", "observe-first", false],
  ["a bug of ours", new TypeError("x is not a function"), "protocol", "observe-first", false],
];

test.each(cases)("%s", async (_, thrown, code, retry, refused) => {
  expect(problem(thrown)).toMatchObject({ code, advice: { retry } });
  expect(problem(thrown).noEffect).toBeUndefined();
  const caught: unknown = await refusable(() => Promise.reject(thrown as Error)).catch((error: unknown) => error);
  expect(isProviderFailure(caught) && caught.problem.noEffect === true).toBe(refused);
});

test("a message says what failed and why, and what to do where that is known", () => {
  expect(problem(absent).message).toBe(
    "libvirt refused DOMAIN_FSFREEZE: Guest agent is not responding: QEMU guest agent is not connected (agent-unresponsive, error 86). " +
      "Start qemu-guest-agent in the guest (systemctl start qemu-guest-agent) and look whether it hangs.",
  );
  expect(problem(daemon(12_345, "new")).message).toBe("libvirt refused DOMAIN_FSFREEZE: new (error 12345).");
});
