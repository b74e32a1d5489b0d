import type { Caller, CallOptions, ReadCaller } from "../connection/caller.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";
import type { TypedParam } from "../protocol/typed-params.ts";

/** For `saveImages.xml` and `saveImages.managedXml`: passwords too. Keep the result secret. */
export const saveImageXmlFlags = { secure: 1 } as const;

export interface SaveOptions {
  /** A definition for the image, or for the restored domain, instead of the saved one. Only what a guest cannot see may differ. */
  readonly xml?: string | undefined;
}

export interface SaveRequest extends SaveOptions {
  /**
   * More of libvirt's `VIR_DOMAIN_SAVE_PARAM_*`, as far as the daemon knows them. When they are given, even an empty list, they
   * go with path and definition in `virDomainSaveParams` (libvirt 8.4 or newer); it refuses one that it does not know.
   */
  readonly params?: readonly TypedParam[] | undefined;
}

/** Calls on files with the memory of a domain that change nothing. Paths are on the host. */
export const saveImageReader = (caller: ReadCaller) => ({
  /** The definition inside; `saveImageXmlFlags`. */
  xml: async (path: string, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainSaveImageGetXmlDesc, { path, flags }, options)).xml,

  /** The definition inside the domain's managed save image; `saveImageXmlFlags`. */
  managedXml: async (domain: DomainRef, flags = 0, options?: CallOptions): Promise<string> =>
    (await caller.call(procedures.domainManagedSaveGetXmlDesc, { domain, flags }, options)).xml,
});
export type SaveImageReader = ReturnType<typeof saveImageReader>;

const textParam = (field: string, value: string): TypedParam => ({ field, value: { type: "string", value } });

/** Calls on files with the memory of a domain that change something. Paths are on the host; the flags are `domainSaveFlags`. */
export const saveImageWriter = (caller: Caller) => ({
  /** Writes the memory to a file, over one that is there, and stops the domain. Takes as long as its memory is large. */
  save: async (
    domain: DomainRef,
    path: string,
    { xml, params }: SaveRequest = {},
    flags = 0,
    options?: CallOptions,
  ): Promise<void> => {
    if (params !== undefined) {
      const all = [textParam("file", path), ...(xml === undefined ? [] : [textParam("dxml", xml)]), ...params];
      await caller.call(procedures.domainSaveParams, { domain, params: all, flags }, options);
      return;
    }
    await caller.call(procedures.domainSaveFlags, { domain, path, xml, flags }, options);
  },

  /** Starts the domain that the file was made of, under the same name and UUID. The file stays. */
  restore: async (path: string, { xml }: SaveOptions = {}, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainRestoreFlags, { path, xml, flags }, options);
  },

  /** Exchanges the definition inside. */
  define: async (path: string, xml: string, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainSaveImageDefineXml, { path, xml, flags }, options);
  },

  /** Exchanges the definition inside the domain's managed save image. */
  defineManaged: async (domain: DomainRef, xml: string, flags = 0, options?: CallOptions): Promise<void> => {
    await caller.call(procedures.domainManagedSaveDefineXml, { domain, xml, flags }, options);
  },
});
export type SaveImageWriter = ReturnType<typeof saveImageWriter>;
