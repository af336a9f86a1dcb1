/** What a bot says by itself. */

export interface Sentences {
  /** A handler failed; the chat is being handed over. */
  readonly failed: string;
  /** Nobody is there to take the chat at the moment: it waits for people. */
  readonly nobodyFree: string;
}

const SENTENCES: Readonly<Record<string, Sentences>> = {
  en: {
    failed: 'Sorry, something went wrong on my side. I am handing you over to a person.',
    nobodyFree:
      'Nobody is free at the moment. Please stay: the first who is free will write to you here.',
  },
  de: {
    failed: 'Bei mir ist leider etwas schiefgegangen. Ich gebe Sie an einen Menschen weiter.',
    nobodyFree:
      'Im Moment ist niemand frei. Bitte bleiben Sie dran: Wer zuerst frei wird, schreibt Ihnen hier.',
  },
  es: {
    failed: 'Lo siento, algo ha fallado por mi parte. Le paso con una persona.',
    nobodyFree:
      'En este momento no hay nadie libre. No se vaya, por favor: la primera persona libre le escribirá aquí.',
  },
  fr: {
    failed: 'Désolé, une erreur est survenue de mon côté. Je vous passe un conseiller.',
    nobodyFree:
      'Personne n’est libre pour le moment. Merci de patienter : la première personne libre vous écrira ici.',
  },
  it: {
    failed: 'Mi dispiace, qualcosa è andato storto da parte mia. La passo a una persona.',
    nobodyFree:
      'Al momento nessuno è libero. Resti in linea, per favore: la prima persona libera le scriverà qui.',
  },
  nl: {
    failed: 'Sorry, er ging bij mij iets mis. Ik draag u over aan een medewerker.',
    nobodyFree:
      'Op dit moment is niemand vrij. Blijf alstublieft wachten: wie het eerst vrij is, schrijft u hier.',
  },
  pt: {
    failed: 'Desculpe, algo correu mal do meu lado. Vou passar a conversa a uma pessoa.',
    nobodyFree:
      'De momento ninguém está livre. Por favor, aguarde: a primeira pessoa livre vai escrever-lhe aqui.',
  },
};

/** The languages that the bot's own sentences are written in. */
export const LANGUAGES: readonly string[] = Object.keys(SENTENCES);

const ENGLISH = SENTENCES['en'] as Sentences;

/** @param languages tags, `de-AT`, the preferred one first; English where there is no text for any */
export function sentencesIn(
  languages: readonly (string | undefined)[],
  own: Partial<Sentences> = {},
): Sentences {
  const texts = languages.map((tag) => SENTENCES[tag?.toLowerCase().split(/[-_]/)[0] ?? '']);
  return { ...(texts.find((text) => text !== undefined) ?? ENGLISH), ...own };
}
