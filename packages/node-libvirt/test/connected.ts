import { onTestFinished } from "vitest";
import { connect, type ConnectOptions, type Libvirt } from "../src/index.ts";

/** A client for the test that runs; it is closed with the test. */
export const connected = async (uri: string, options?: ConnectOptions): Promise<Libvirt> => {
  const libvirt = await connect(uri, options);
  onTestFinished(() => libvirt.close());
  return libvirt;
};
