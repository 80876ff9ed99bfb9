/** A map that holds so many and no more: what others can make up has to have a bound. */

class BoundedMap<K, V> extends Map<K, V> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    const oldest = this.keys().next();
    if (this.size > this.#most && oldest.done !== true) this.delete(oldest.value);
    return this;
  }
}

/** Its entries are in the order in which they were last set; beyond `most` of them the first goes. */
export const createBoundedMap = <K, V>(most: number): Map<K, V> => new BoundedMap(most);
