/** The list above the field that completes what is typed: canned texts with a preview, and emoji. */
import { type ReactNode, useEffect, useRef } from 'react';
import styles from './completion.module.css';

export interface Choice {
  readonly key: string;
  readonly label: string;
  /** What stands before the label. */
  readonly sign?: string;
  /** What would be written. */
  readonly text: string;
}

export interface CompletionProps {
  readonly id: string;
  readonly title: string;
  readonly choices: readonly Choice[];
  readonly active: number;
  /** Shown in place of choices when there are none. */
  readonly empty: string;
  /** Shows the text of the active choice beside the list. */
  readonly preview: boolean;
  readonly onActive: (index: number) => void;
  readonly onChoose: (choice: Choice) => void;
}

/** The focus stays in the field: it names the active choice by `aria-activedescendant`. */
export function Completion(props: CompletionProps): ReactNode {
  const { id, title, choices, active, empty, preview, onActive, onChoose } = props;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const shown = choices[active];
  return (
    <div className={styles['panel']} data-preview={preview && shown !== undefined}>
      <div className={styles['choices']}>
        <p className={styles['title']} aria-hidden>
          {title}
        </p>
        {choices.length === 0 ? (
          <p className={styles['empty']} role="status">
            {empty}
          </p>
        ) : (
          <div id={id} ref={list} className={styles['list']} role="listbox" aria-label={title}>
            {choices.map((choice, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys
              <div
                key={choice.key}
                id={choiceId(id, index)}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                className={styles['choice']}
                onPointerMove={() => onActive(index)}
                // The field keeps the focus.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => onChoose(choice)}
              >
                {choice.sign !== undefined && <span aria-hidden>{choice.sign}</span>}
                <span className={styles['label']} dir="auto">
                  {choice.label}
                </span>
              </div>
            ))}
          </div>
        )}
      </div>
      {preview && shown !== undefined && (
        <p className={styles['preview']} dir="auto">
          <Blanks text={shown.text} />
        </p>
      )}
    </div>
  );
}

export function choiceId(id: string, index: number): string {
  return `${id}-${index}`;
}

/** A text whose placeholders stand out. */
function Blanks({ text }: { readonly text: string }) {
  return text.split(/(\{[^{}\n]{1,40}\})/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in its order
      <mark key={index} className={styles['blank']}>
        {part}
      </mark>
    ) : (
      part
    ),
  );
}
