/** One time from a freeze to its end, in milliseconds since 1970. */
export interface FreezeWindow {
  readonly from: number;
  readonly to?: number;
  /** How it ended: by a thaw, by the guest's own timer, or because the guest's memory was dropped or replaced. */
  readonly endedBy?: "thaw" | "auto-thaw" | "power";
}

/** The freeze windows of a guest, oldest first. The last one is open while the guest is frozen. */
export class FreezeLog {
  readonly #windows: FreezeWindow[] = [];

  get windows(): readonly FreezeWindow[] {
    return this.#windows;
  }

  open(from: number): void {
    this.#windows.push({ from });
  }

  close(to: number, endedBy: NonNullable<FreezeWindow["endedBy"]>): void {
    const last = this.#windows.at(-1);
    if (last !== undefined && last.to === undefined) this.#windows[this.#windows.length - 1] = { ...last, to, endedBy };
  }
}
