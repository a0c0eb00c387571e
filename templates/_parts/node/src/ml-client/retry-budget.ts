const RESERVE = 10;
const PER_CALL = 0.1;

/**
 * How many retries there may be: one for every ten calls, and a few to begin with. Without it, callers that
 * all try three times would treble the load on a service that is down because it has too much of it.
 */
export class RetryBudget {
  #tokens = RESERVE;

  /** A call is made, and earns a part of a retry. */
  earn(): void {
    this.#tokens = Math.min(this.#tokens + PER_CALL, RESERVE);
  }

  /** Takes a retry, if there is one left. */
  spend(): boolean {
    const enough = this.#tokens >= 1;
    if (enough) {
      this.#tokens -= 1;
    }
    return enough;
  }
}
