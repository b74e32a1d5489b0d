/** Longest string on the wire, in bytes of UTF-8 (libvirt's REMOTE_STRING_MAX). */
export const maxStringBytes = 4_194_304;

/** Longest list of domains, networks, pools, volumes, snapshots or checkpoints in one message. */
export const maxListItems = 16_384;

/** A message body with its header; the length word counts on top of it (`VIR_NET_MESSAGE_MAX` and `..._LEN_MAX`). */
export const maxMessageBytes = 33_554_432 + 4;
