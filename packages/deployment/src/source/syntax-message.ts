import type { ErrorCode } from "yaml";

/**
 * What the YAML parser found, in our words. Its own messages are not shown, because they may quote the file, and a
 * broken line may hold a secret.
 */
const messages: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: "An alias (*name) cannot have an anchor or a tag",
  BAD_ALIAS: "The name of an anchor (&name) or alias (*name) is empty or ends in a colon",
  BAD_COLLECTION_TYPE: "This tag does not fit a map or a list",
  BAD_DIRECTIVE: "This % directive is not known",
  BAD_DQ_ESCAPE: "This \\ escape is not known in a text in double quotes",
  BAD_INDENT: "The indentation does not fit the lines above",
  BAD_PROP_ORDER: "Anchors and tags must follow the - or ? of their line",
  BAD_SCALAR_START: "A text without quotes cannot start with this character",
  BLOCK_AS_IMPLICIT_KEY: "A list or map cannot start on this line: it already holds a key",
  BLOCK_IN_FLOW: "A block list or map cannot stand inside [ ] or { }",
  DUPLICATE_KEY: "This key is set twice",
  IMPOSSIBLE: "This part cannot be read",
  KEY_OVER_1024_CHARS: "A key is longer than 1024 characters",
  MISSING_CHAR: "A character is missing here: a closing quote or bracket, a comma, or the : after a key",
  MULTILINE_IMPLICIT_KEY: "A key must stand on one line, with its : behind it",
  MULTIPLE_ANCHORS: "A value can have one anchor only",
  MULTIPLE_DOCS: "The file holds more than one document (---)",
  MULTIPLE_TAGS: "A value can have one tag only",
  NON_STRING_KEY: "A key must be a text",
  RESOURCE_EXHAUSTION: "Lists and maps are nested too deeply",
  TAB_AS_INDENT: "A tab is used as indentation",
  TAG_RESOLVE_FAILED: "This tag (!name) is not known",
  UNEXPECTED_TOKEN: "This character is not expected here",
};

const hints: { readonly [C in ErrorCode]?: string } = {
  BAD_DQ_ESCAPE: "Write \\\\ for a backslash, or use single quotes.",
  BAD_SCALAR_START: "Put the text in quotes.",
  BLOCK_IN_FLOW: "Check the commas, quotes and brackets here.",
  KEY_OVER_1024_CHARS: "Check the quotes and colons of this line.",
  MULTIPLE_DOCS: "Keep one deployment in a file.",
  RESOURCE_EXHAUSTION: "A deployment file needs few levels; check the brackets.",
  TAB_AS_INDENT: "Use spaces.",
  TAG_RESOLVE_FAILED: "Remove the tag.",
};

export const syntaxMessage = (code: ErrorCode): { readonly message: string; readonly hint: string } => ({
  message: messages[code],
  hint: hints[code] ?? "Correct the YAML here.",
});
