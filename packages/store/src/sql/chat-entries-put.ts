/**
 * Records how many entries some chats have, each chat once. Parameters of each: account, chat, count, sum,
 * digest.
 */
export function putChatEntries(chats: number): string {
  const values = Array.from({ length: chats }, (_, index) => {
    const before = index * 5;
    return `($${before + 1}, $${before + 2}, $${before + 3}, $${before + 4}, $${before + 5})`;
  });
  return `
insert into chat_entries (account_id, chat_id, count, sum, digest)
values ${values.join(',\n  ')}
on conflict (account_id, chat_id) do update
set count = excluded.count, sum = excluded.sum, digest = excluded.digest
`;
}
