/** Client secrets of connections to identity providers of visitors. */
import type { Stored } from '../records/records.js';
import type { SecretBox } from './secret-box.js';

/** The client secret of a connection; null when there is none, or the box does not open it. */
export function clientSecretOf(
  box: SecretBox,
  accountId: string,
  { id, sealedClientSecret }: Stored<'visitorIdentity'>,
): string | null {
  return sealedClientSecret === null
    ? null
    : box.open(sealedClientSecret, placeOfClientSecret(accountId, id));
}

/** What a client secret is sealed for: it is worth nothing elsewhere. */
export function placeOfClientSecret(accountId: string, id: number): string {
  return `${accountId}/visitorIdentity/${id}`;
}
