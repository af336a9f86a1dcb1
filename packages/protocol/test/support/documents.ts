import { type DocumentType, DOCUMENTS } from '../../src/index.js';

/** A document whose value is only known while the test runs. */
export type Loose = Pick<
  DocumentType<unknown>,
  | 'name'
  | 'schema'
  | 'read'
  | 'readXml'
  | 'write'
  | 'root'
  | 'style'
  | 'xmlRoot'
  | 'description'
  | 'body'
>;

/** All documents, ready to write values generated from their schemas. */
export const ALL: readonly Loose[] = [...DOCUMENTS.values()] as unknown as readonly Loose[];

export function failure(result: ReturnType<Loose['read']>) {
  if (result.ok) throw new Error(`expected a refusal, got ${JSON.stringify(result.value)}`);
  return result;
}

export function success<T>(result: { ok: true; value: T } | { ok: false; problems: unknown }): T {
  if (!result.ok) throw new Error(`expected a value, got ${JSON.stringify(result.problems)}`);
  return result.value;
}
