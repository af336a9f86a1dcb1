/** What logins are given with. */
import type { AuthContext } from '../auth/context.js';
import type { DomainContext } from '../domain/context.js';
import type { AccountCall } from '../http/call.js';

export type LoginContext = AuthContext & DomainContext;

export type LoginCall = AccountCall<LoginContext>;
