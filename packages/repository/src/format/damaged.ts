import { failure, isProviderFailure, type ProviderFailure } from "@quiesce/core";

/** Bytes that are not what was written, or that are missing: what, and where. */
export const damaged = (what: string): ProviderFailure => failure("damaged", what);

export const isDamaged = (error: unknown): error is ProviderFailure =>
  isProviderFailure(error) && error.problem.code === "damaged";
