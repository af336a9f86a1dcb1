/** `@parley/bot/simulate`: bots tried out against the real server, in virtual time, without a network. */
export type { Happened } from './chat-record.js';
export type { DayOptions, DayReport } from './day.js';
export type { Duration, Span } from './duration.js';
export type { ChatExpectations, WorldExpectations } from './expectations.js';
export type { Faults } from './faults.js';
export type { PersonOptions, SimulatedPerson } from './person.js';
export { type Scenario, scenario } from './scenario.js';
export type { Skills } from './server.js';
export type { BotSource } from './simulated-bot.js';
export type { SimulatedVisitor, VisitorOptions } from './visitor.js';
export { simulate, type SimulateOptions, type World } from './world.js';
