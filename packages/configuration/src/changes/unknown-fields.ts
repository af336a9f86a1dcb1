/**
 * Finds misspelled fields. Over the wire unknown fields are ignored, as clients of other versions send
 * them; a person who writes a file wants to hear of them.
 */
import type { DocumentType } from '@parley/protocol';

/** Where the value has fields that the document does not know, like `openingHours.day`. */
export function unknownFields(
  { schema, xmlRoot }: Pick<DocumentType<unknown>, 'schema' | 'xmlRoot'>,
  value: unknown,
): readonly string[] {
  const inside = isRecord(value) && Object.keys(value).length === 1 ? value[xmlRoot] : undefined;
  return [...unknownIn(schema, inside ?? value, '')];
}

function* unknownIn(schema: unknown, value: unknown, place: string): Generator<string> {
  if (!isRecord(schema)) return;
  if (Array.isArray(value)) {
    for (const [index, member] of value.entries()) {
      yield* unknownIn(schema['items'], member, `${place}[${index}]`);
    }
    return;
  }
  const { properties } = schema;
  if (!isRecord(properties) || !isRecord(value)) return;
  for (const [name, field] of Object.entries(value)) {
    const path = place === '' ? name : `${place}.${name}`;
    if (Object.hasOwn(properties, name)) yield* unknownIn(properties[name], field, path);
    else yield path;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
