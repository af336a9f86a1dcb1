/** Custom variables of a chat. */

export interface VariableInput {
  readonly name: string;
  readonly value: string;
}

/** A variable as kept; `at` is when it got this value, epoch ms. */
export interface StoredVariable extends VariableInput {
  readonly at: number;
}
