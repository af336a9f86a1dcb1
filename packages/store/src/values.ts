/** `($1, $2), ($3, $4) …`: the parameters of so many rows of so many columns, for a statement that writes them. */
export function valuesOf(rows: number, columns: number): string {
  return Array.from({ length: rows }, (_, row) => {
    const parameters = Array.from({ length: columns }, (__, column) => {
      return `$${row * columns + column + 1}`;
    });
    return `(${parameters.join(', ')})`;
  }).join(',\n  ');
}
