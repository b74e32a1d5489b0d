/** What a backup must keep of a cluster found no room: the guest's write cannot happen. */
export class StoreFullError extends Error {
  override readonly name = "StoreFullError";
}
