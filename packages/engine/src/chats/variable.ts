/** Custom variables of a chat. */

export interface GivenVariable {
  readonly name: string;
  readonly value: string;
}

/** A variable as kept; `at` is when it got this value, epoch ms. */
export interface KeptVariable extends GivenVariable {
  readonly at: number;
}
