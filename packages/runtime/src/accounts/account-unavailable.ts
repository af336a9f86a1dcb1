/** The account cannot be used at this moment; asking again soon will work. */
export class AccountUnavailable extends Error {
  constructor(accountId: string, options?: { cause?: unknown }) {
    super(`account ${accountId} is not available at the moment`, options);
    this.name = 'AccountUnavailable';
  }
}
