/** The system's name of an error (`ENOENT`), where it has one. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** For `catch`: what is absent counts as undefined, any other error stays one. */
export const unlessAbsent = (error: unknown): undefined => {
  const code = errorCode(error);
  if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
};
