import { reads, writes } from "../procedure.ts";
import { domainRef } from "../refs.ts";
import { typedParams } from "../typed-params.ts";
import { nothing, optionalString, string, struct, uint } from "../xdr-type.ts";

/** Files with the memory of a domain, on the host. The definition inside may be exchanged for one that a guest cannot tell apart. */
export const saveImageProcedures = {
  domainSaveFlags: writes(
    232,
    "DOMAIN_SAVE_FLAGS",
    struct({ domain: domainRef, path: string, xml: optionalString, flags: uint }),
    nothing,
  ),
  /** Since libvirt 8.4. Parameters: `file` and `dxml`, both strings; later libvirts know more. */
  domainSaveParams: writes(
    440,
    "DOMAIN_SAVE_PARAMS",
    struct({ domain: domainRef, params: typedParams(64), flags: uint }),
    nothing,
  ),
  domainRestoreFlags: writes(
    233,
    "DOMAIN_RESTORE_FLAGS",
    struct({ path: string, xml: optionalString, flags: uint }),
    nothing,
  ),
  domainSaveImageGetXmlDesc: reads(
    235,
    "DOMAIN_SAVE_IMAGE_GET_XML_DESC",
    struct({ path: string, flags: uint }),
    struct({ xml: string }),
  ),
  domainSaveImageDefineXml: writes(
    236,
    "DOMAIN_SAVE_IMAGE_DEFINE_XML",
    struct({ path: string, xml: string, flags: uint }),
    nothing,
  ),
  domainManagedSaveGetXmlDesc: reads(
    388,
    "DOMAIN_MANAGED_SAVE_GET_XML_DESC",
    struct({ domain: domainRef, flags: uint }),
    struct({ xml: string }),
  ),
  domainManagedSaveDefineXml: writes(
    389,
    "DOMAIN_MANAGED_SAVE_DEFINE_XML",
    struct({ domain: domainRef, xml: optionalString, flags: uint }),
    nothing,
  ),
} as const;
