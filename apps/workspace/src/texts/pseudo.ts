const ACCENTS: Readonly<Record<string, string>> = {
  ...{ a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', n: 'ñ', c: 'ç', s: 'š', y: 'ý' },
  ...{ A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', N: 'Ñ', C: 'Ç', S: 'Š' },
};

/** A language for tests: English with accents, a third longer, between brackets. */
export function pseudo<Id extends string>(
  texts: Readonly<Record<Id, string>>,
): Readonly<Record<Id, string>> {
  const entries = Object.entries(texts).map(([id, text]) => [
    id,
    `⟦${accented(text as string)} ~~~⟧`,
  ]);
  return Object.fromEntries(entries) as Record<Id, string>;
}

/** What stands in braces is for the machine, up to the texts of its branches: those stay, too. */
function accented(text: string): string {
  let depth = 0;
  return [...text]
    .map((letter) => {
      if (letter === '{') depth += 1;
      if (letter === '}') depth -= 1;
      return depth === 0 ? (ACCENTS[letter] ?? letter) : letter;
    })
    .join('');
}
