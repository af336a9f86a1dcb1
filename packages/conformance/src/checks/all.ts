/** Every check, in the order in which they run: each chapter needs what the ones before it prove. */
import type { Chapter } from '../check.js';
import { addresses } from './addresses.js';
import { estimates, way } from './behaviour.js';
import { chats } from './chats.js';
import { colleagues } from './colleagues.js';
import { credentials } from './credentials.js';
import { domain } from './domain.js';
import { formats, representation } from './formats.js';
import { html } from './html.js';
import { login } from './login.js';
import { errors, requests } from './requests.js';
import { sessions, takeover } from './sessions.js';
import { signed } from './signed.js';
import { tracking } from './tracking.js';
import { transfer } from './transfer.js';
import { visitors } from './visitors.js';

export const chapters: readonly Chapter[] = [
  domain,
  login,
  addresses,
  formats,
  representation,
  requests,
  errors,
  credentials,
  signed,
  sessions,
  takeover,
  colleagues,
  chats,
  html,
  transfer,
  visitors,
  estimates,
  way,
  tracking,
];
