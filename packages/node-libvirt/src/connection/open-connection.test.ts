import { chmod, writeFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { connected } from "../../test/connected.ts";
import { openSession, startDaemon } from "../../test/scripted-daemon.ts";
import { connect } from "../connect.ts";
import { ConnectError } from "../errors/connect-error.ts";
import { LibvirtError } from "../errors/libvirt-error.ts";
import { procedures } from "../protocol/procedures.ts";

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable("a session was opened"),
    (error: unknown) => error,
  );

/** Root may open everything, so it steps down for a moment. */
const asOrdinaryUser = async <T>(step: () => Promise<T>): Promise<T> => {
  if (process.geteuid?.() !== 0) return step();
  process.seteuid?.(65_534);
  try {
    return await step();
  } finally {
    process.seteuid?.(0);
  }
};

describe("opening a session", () => {
  test("asks for the URI without the transport", async () => {
    const daemon = await startDaemon();
    const libvirt = await connected(daemon.uri);
    expect(libvirt).toBeDefined();
    expect(daemon.of(procedures.connectOpen)[0]?.args).toEqual({ name: "test:///default", flags: 0 });
  });

  test("read-only is a flag", async () => {
    const daemon = await startDaemon();
    const libvirt = await connected(daemon.uri, { readOnly: true });
    expect(libvirt).toBeDefined();
    expect(daemon.of(procedures.connectOpen)[0]?.args).toEqual({ name: "test:///default", flags: 1 });
  });

  test("polkit is asked when the daemon wants it", async () => {
    const daemon = await startDaemon((call) => {
      if (call.procedure === procedures.authPolkit) call.reply(procedures.authPolkit, { complete: 1 });
      else openSession(call, { auth: [2] });
    });
    const libvirt = await connected(daemon.uri);
    expect(libvirt).toBeDefined();
    expect(daemon.calls.slice(0, 3).map(({ procedure }) => procedure.name)).toEqual([
      "AUTH_LIST",
      "AUTH_POLKIT",
      "CONNECT_OPEN",
    ]);
  });
});

describe("no session", () => {
  test("without a socket: says where it looked and what to do", async () => {
    const error = await failure(connect("qemu+unix:///system?socket=/nonexistent/libvirt-sock"));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ failure: "no-socket", outcome: "not-sent" });
    expect(String(error)).toMatch(/no socket at \/nonexistent\/libvirt-sock\. Start libvirtd/u);
  });

  test("when nobody listens at the socket", async () => {
    const daemon = await startDaemon();
    const leftover = `${daemon.path}.old`;
    await writeFile(leftover, "");
    expect(await failure(connect(`qemu+unix:///system?socket=${leftover}`))).toMatchObject({ failure: "refused" });
  });

  test("when the socket may not be opened", async () => {
    const daemon = await startDaemon();
    await chmod(daemon.path, 0);
    const error = await asOrdinaryUser(() => failure(connect(daemon.uri)));
    expect(error).toMatchObject({ failure: "forbidden" });
    expect(String(error)).toMatch(/may not open it\. Join the group libvirt/u);
  });

  test("when the daemon wants SASL", async () => {
    const daemon = await startDaemon((call) => void openSession(call, { auth: [1] }));
    const error = await failure(connect(daemon.uri));
    expect(error).toMatchObject({ failure: "authentication" });
    expect(String(error)).toMatch(/asks for SASL authentication\. Supported are none and polkit/u);
    await vi.waitFor(() => expect(daemon.clients[0]?.destroyed).toBe(true)); // nothing is left open
  });

  test("when polkit refuses", async () => {
    const daemon = await startDaemon((call) => {
      if (call.procedure === procedures.authPolkit) call.error(45, "not authorised");
      else openSession(call, { auth: [2] });
    });
    const error = await failure(connect(daemon.uri));
    expect(error).toMatchObject({ failure: "authentication" });
    expect(String(error)).toContain("refused this user by polkit: not authorised");
  });

  test("when the daemon hangs", async () => {
    const daemon = await startDaemon(() => {});
    const error = await failure(connect(daemon.uri, { connectTimeoutMs: 50 }));
    expect(error).toMatchObject({ failure: "timed-out" });
    expect(String(error)).toContain("did not open a session within 50 ms");
  });

  test("when the caller gives up", async () => {
    const daemon = await startDaemon(() => {});
    const signal = AbortSignal.timeout(30);
    expect(await failure(connect(daemon.uri, { signal }))).toMatchObject({ failure: "aborted" });
    expect(await failure(connect(daemon.uri, { signal: AbortSignal.abort() }))).toMatchObject({ failure: "aborted" });
  });

  test("when the daemon hangs up", async () => {
    const daemon = await startDaemon((call) => call.client.destroy());
    expect(await failure(connect(daemon.uri))).toMatchObject({ failure: "closed" });
  });

  test("when the daemon cannot open the URI: its own error", async () => {
    const daemon = await startDaemon((call) => {
      if (call.procedure === procedures.connectOpen) call.error(5, "no connection driver available");
      else openSession(call);
    });
    const error = await failure(connect(daemon.uri));
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({ codeName: "no-connect" });
  });
});
