/** Faults asked for and not yet used up, the oldest first: each hits so often, then it is gone. */
export class Countdown<Fault extends { readonly times: number }> {
  #pending: Fault[] = [];

  add(fault: Fault): void {
    this.#pending.push(fault);
  }

  list(): readonly Fault[] {
    return this.#pending;
  }

  clear(): void {
    this.#pending = [];
  }

  /** The first fault that fits, used once more. */
  protected use(fits: (fault: Fault) => boolean): Fault | undefined {
    const index = this.#pending.findIndex(fits);
    const fault = this.#pending[index];
    if (!fault) return undefined;
    const left = { ...fault, times: fault.times - 1 };
    this.#pending.splice(index, 1, ...(left.times > 0 ? [left] : []));
    return fault;
  }
}
