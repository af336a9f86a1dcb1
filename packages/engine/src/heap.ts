/** Members of which the first, by some order, is always at hand; each can be moved or taken out. */
export class Heap<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #members: T[] = [];
  readonly #places = new Map<T, number>();

  /** @param isBefore a strict order of all members */
  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get first(): T | undefined {
    return this.#members[0];
  }

  /** Adds a member, or moves one whose place in the order changed. */
  set(member: T): void {
    let place = this.#places.get(member);
    if (place === undefined) {
      place = this.#members.length;
      this.#put(member, place);
    }
    this.#settle(member, place);
  }

  delete(member: T): void {
    const place = this.#places.get(member);
    if (place === undefined) return;
    this.#places.delete(member);
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    this.#put(last, place);
    this.#settle(last, place);
  }

  #put(member: T, place: number): void {
    this.#members[place] = member;
    this.#places.set(member, place);
  }

  #settle(member: T, from: number): void {
    let place = from;
    for (;;) {
      const above = (place - 1) >> 1;
      const other = this.#members[above];
      if (place === 0 || other === undefined || !this.#isBefore(member, other)) break;
      this.#put(other, place);
      place = above;
    }
    for (;;) {
      const below = this.#firstBelow(place);
      const other = this.#members[below];
      if (other === undefined || !this.#isBefore(other, member)) break;
      this.#put(other, place);
      place = below;
    }
    this.#put(member, place);
  }

  #firstBelow(place: number): number {
    const left = 2 * place + 1;
    const [a, b] = [this.#members[left], this.#members[left + 1]];
    return a !== undefined && b !== undefined && this.#isBefore(b, a) ? left + 1 : left;
  }
}
