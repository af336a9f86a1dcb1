/** Bodies for any operation, drawn from the schema of its document. */
import fc, { type Arbitrary } from 'fast-check';
import type { AnyDocument } from '@parley/protocol';

export interface Schema {
  readonly type?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Longest text drawn where the schema has no shorter bound; long ones are tried on purpose elsewhere. */
const USUAL_LENGTH = 24;
const LARGEST = 2 ** 31 - 1;

/** Texts that many fields ask for, drawn now and then: names and ids that mean something here. */
const EXPLICIT = [
  ...['Sales', 'Support', 'agent1', 'agent2', 'admin1', '11', '12', '101', '1', '0', '-1', 'true'],
  ...['ann@example.com', 'https://example.com/a?b=c', '2024-07-01T12:00:00.000Z', 'en-US', 'UTC'],
  ...['09:00', 'Europe/Athens', 'Ctrl+1', '127.0.0.1', '::1', 'client_credentials', 'parley-demo'],
];

/** Ids that are there: of users, skills, a group, questions. */
const EXPLICIT_NUMBERS = [1, 2, 3, 11, 12, 101, 102, 103, 104, 105];

/** The body of a request as a document writes it: under its root key, when it has one. */
function underRoot({ root }: AnyDocument, value: unknown): unknown {
  return root === null ? value : { [root]: value };
}

/** Bodies that the document reads. */
export function validBodies(document: AnyDocument): Arbitrary<unknown> {
  return bodiesOf(document).filter((body) => document.read(body).ok);
}

/** Bodies of the document's form; rules between fields may be broken. */
export function bodiesOf(document: AnyDocument): Arbitrary<unknown> {
  return valuesOf(document.schema as Schema).map((value) => underRoot(document, value));
}

/** Values of a schema; of one that says little, any JSON. */
export function valuesOf(schema: Schema): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  switch (schema.type) {
    case 'string':
      return textsOf(schema);
    case 'integer':
      return wholeNumbers(schema);
    case 'number':
      return fc.double({
        min: schema.minimum ?? -1e9,
        max: schema.maximum ?? 1e9,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'array': {
      const most = Math.min(schema.maxItems ?? 3, 3);
      return fc.array(schema.items === undefined ? fc.jsonValue() : valuesOf(schema.items), {
        maxLength: most,
      });
    }
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, each]) => [name, valuesOf(each)]),
        ),
        { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true },
      );
    default:
      return fc.jsonValue({ maxDepth: 3 });
  }
}

function wholeNumbers({ minimum = -LARGEST, maximum = LARGEST }: Schema): Arbitrary<number> {
  const [min, max] = [minimum, Math.min(maximum, Number.MAX_SAFE_INTEGER)];
  const low = fc.integer({ min, max: Math.min(max, min + 20) });
  const explicit = EXPLICIT_NUMBERS.filter((each) => each >= min && each <= max);
  return fc.oneof(low, fc.integer({ min, max }), fc.constantFrom(min, max, ...explicit));
}

function textsOf({ pattern, minLength = 0, maxLength = USUAL_LENGTH }: Schema): Arbitrary<string> {
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, USUAL_LENGTH)) };
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  const explicit = EXPLICIT.filter((each) => each.length >= minLength && each.length <= maxLength);
  const plain = fc.string({ unit: 'grapheme', ...length });
  return explicit.length === 0 ? plain : fc.oneof(plain, fc.constantFrom(...explicit));
}
