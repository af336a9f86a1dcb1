/** Why there is no room. */
export interface NoRoom {
  readonly rejected: 'no-room';
  /** The network has as much in use as it may; or the account, whoever asks. */
  readonly full: 'network' | 'account';
  /** What the network has in use, bytes. */
  readonly held: number;
}
