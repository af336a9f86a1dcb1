import type { OperationName } from '../history/format.js';

/** Statuses by which each call may be refused; any other refusal is a mistake. */
export const REFUSALS: Readonly<Record<OperationName, readonly number[]>> = {
  request: [],
  say: [401, 404, 409],
  end: [401, 404, 409],
  read: [401, 404],
  info: [401, 404],
  transfer: [401, 404, 409],
  accept: [401, 404],
  ringing: [401, 404],
  availability: [401, 404],
  become: [401, 404],
  staff: [401, 404],
  open: [401],
  close: [401, 404],
  brought: [401, 404],
  login: [401],
  logout: [401],
  refresh: [401],
  use: [401],
  write: [401, 404, 409, 412],
  list: [401],
  reset: [401],
};
