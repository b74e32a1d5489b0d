/** libvirt's error codes as far as the simulator gives them, with the words that the daemon puts before the reason. */
export const errorCodes = {
  "internal-error": { code: 1, prefix: "internal error: " },
  "no-support": { code: 3, prefix: "this function is not supported by the connection driver: " },
  "no-connect": { code: 5, prefix: "no connection driver available for " },
  "invalid-argument": { code: 8, prefix: "invalid argument: " },
  "operation-failed": { code: 9, prefix: "operation failed: " },
  "no-name": { code: 21, prefix: "" },
  "xml-error": { code: 27, prefix: "XML error: " },
  "operation-denied": { code: 29, prefix: "operation forbidden: " },
  "xml-detail": { code: 35, prefix: "" },
  "system-error": { code: 38, prefix: "" },
  rpc: { code: 39, prefix: "" },
  "auth-failed": { code: 45, prefix: "" },
  "no-domain": { code: 42, prefix: "Domain not found: " },
  "no-network": { code: 43, prefix: "Network not found: " },
  "no-storage-pool": { code: 49, prefix: "Storage pool not found: " },
  "no-storage-volume": { code: 50, prefix: "Storage volume not found: " },
  "operation-invalid": { code: 55, prefix: "Requested operation is not valid: " },
  "config-unsupported": { code: 67, prefix: "unsupported configuration: " },
  "operation-timeout": { code: 68, prefix: "Timed out during operation: " },
  "no-snapshot": { code: 72, prefix: "Domain snapshot not found: " },
  "argument-unsupported": { code: 74, prefix: "argument unsupported: " },
  "no-domain-metadata": { code: 80, prefix: "metadata not found: " },
  "block-copy-active": { code: 83, prefix: "block copy still active: " },
  "operation-unsupported": { code: 84, prefix: "Operation not supported: " },
  "agent-unresponsive": { code: 86, prefix: "Guest agent is not responding: " },
  "storage-volume-exists": { code: 90, prefix: "" },
  "xml-invalid-schema": { code: 92, prefix: "XML document failed to validate against schema: " },
  "no-checkpoint": { code: 103, prefix: "Domain checkpoint not found: " },
  "no-backup": { code: 104, prefix: "Domain backup job id not found: " },
  "checkpoint-inconsistent": { code: 109, prefix: "checkpoint inconsistent: " },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** The part of the daemon that an error comes from (`virErrorDomain`). */
export const errorDomains = {
  none: 0,
  xml: 5,
  rpc: 7,
  qemu: 10,
  storage: 18,
  network: 19,
  domain: 20,
  streams: 33,
  snapshot: 35,
  checkpoint: 69,
} as const;

export type ErrorDomain = keyof typeof errorDomains;
