/** The chat id without its unguessable middle. */
export function visitIdOf(chatId: string): string {
  return chatId.slice(0, chatId.indexOf('-')) + chatId.slice(chatId.lastIndexOf('K'));
}
