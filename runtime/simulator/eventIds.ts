/** Numbers for what may happen in a run: an event has one from when it can first happen until it does. */
export class EventIds {
  #next = 0;
  readonly #ids = new Map<object, number>();
  readonly #objects = new Map<number, object>();

  /** Of a new event. */
  next(): number {
    return this.#next++;
  }

  /** Of the event that has not happened yet, and which this object stands for. */
  of(object: object): number {
    const known = this.#ids.get(object);
    if (known !== undefined) return known;
    const id = this.next();
    this.#ids.set(object, id);
    this.#objects.set(id, object);
    return id;
  }

  /** An event happens. What its object stands for from now on is another one. */
  retire(id: number): void {
    const object = this.#objects.get(id);
    if (object === undefined) return;
    this.#objects.delete(id);
    this.#ids.delete(object);
  }
}
