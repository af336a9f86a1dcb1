/** @throws Error when a promise does not hold; `what` says which. */
export function requireThat(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Compares two values by their JSON text. */
export function requireEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shouldBe) throw new Error(`${what}\n  is        ${is}\n  should be ${shouldBe}`);
}
