/** Answers that were given before, by their key: see the native part. */

/** What a key stands for decides an answer; there are a few thousand keys, and no more. */
export class Memory<T> {
  readonly #answers = new Map<number, T>();

  /** The answer of a key; a key that is not met yet, or that stands for a refusal, is asked for. */
  get(key: number, ask: () => T): T {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = ask();
    if (key >= 0) this.#answers.set(key, answer);
    return answer;
  }
}
