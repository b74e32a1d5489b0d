// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const control = /\u001b\[[0-9;]*m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Replaces what would steer the terminal (a provider's message may hold anything), apart from colours and line ends. */
export const printable = (text: string): string =>
  text.replace(control, (found) => (found.length > 1 ? found : "\ufffd"));
