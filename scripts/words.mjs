// Words that are not used here, and the field's words for them. `npm run docs:check` looks for them in names,
// comments, documentation and file names (check-words.mjs). Where English has good uses of a word, only names
// are looked at.

/**
 * @typedef {object} Word
 * @property {RegExp} pattern what must not be there
 * @property {string} instead what to write
 * @property {RegExp} [except] files in which it stands for a reason
 */

/** @type {readonly Word[]} */
export const WORDS = Object.freeze([
  { pattern: /\bsigns? of life\b/i, instead: 'heartbeat' },
  { pattern: /Lifelines?\b/, instead: 'heartbeats' },
  { pattern: /\bAlarms?\b/, instead: 'deadlines' },
  { pattern: /TypingBoard/, instead: 'typing indicators' },
  { pattern: /\bSituation\b/, instead: 'context' },
  { pattern: /\badmit(?:ted|Session|Visitor|Supervisor)?\b/, instead: 'authorize' },
  { pattern: /\bCaller\b/, instead: 'principal' },
  { pattern: /AccountSetup\b/, instead: 'AccountConfiguration' },
  { pattern: /\bSight\b/, instead: 'read scope' },
  { pattern: /\b[wW]ish(?:Of|es)?\b/, instead: 'input', except: /documents\/chat\.ts$/ },
  { pattern: /[lL]oginBook/, instead: 'login registry' },
  {
    pattern:
      /[a-z](?:Told|Tell)(?![a-z])|\btell[A-Z]|\b(?:#|const |let |\.)?told(?:[A-Z]| =)|\.told\b|\bTold\b(?! )|TOLD|TELL_/,
    instead: 'sent, shown, answered, reported or logged',
    except: /^ARCHITECTURE\.md$|\/(?:earlier-chats|freeze\.test)\.ts$/,
  },
  {
    pattern: /\b(?:JsonSpelling|chooseSpelling|spellingOf|dependsOnSpelling)\b|\bcall\.spelling\b/,
    instead: 'representation',
  },
  { pattern: /\b(?:MOST|LONGEST)_[A-Z]/, instead: 'MAX_' },
  { pattern: /\berrands?\b/i, instead: 'delivery' },
  { pattern: /\bmust[A-Z]\w*\(/, instead: 'require…' },
  { pattern: /\b(?:nothing-new|past-feed)\b/, instead: 'empty-poll cache, journal decoding' },
  { pattern: /\b(?:giveBack|unringAll)\b/, instead: 'requeue, withdraw the offer' },
  {
    // What is not in the repository is no reference for whoever reads it.
    pattern: /(?:^|[\s(])(?:agent|visitor|extensions|login-and-domain|behaviour|wire)\.md\b/,
    instead: 'the ids of rules in spec/',
    except: /\.md$/,
  },
  {
    pattern: /givenAway|\bunrang\b/,
    instead: 'transferredBy, offerWithdrawn',
    // As they stand in old snapshots and journals.
    except:
      /^(?:ARCHITECTURE|CHANGELOG)\.md$|\/(?:earlier-chats|decode|(?:freeze|decode|erase-entries)\.test)\.ts$/,
  },
  {
    pattern: /\b(?:class|interface|type) Desk\b/,
    instead: 'context',
    except: /^apps\/workspace\//,
  },
  {
    pattern: /\b[iI]nhabit|\bspoiler\b|\b(?:new|class) (?:Lives|World)\b|\.talk\(/,
    instead: 'fixture, fault proxy, restarts, acceptedChat',
    // In tests it was a fixture; the bots' simulator does have a world.
    except: /^packages\/bot\/src\//,
  },
]);
