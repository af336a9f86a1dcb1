/** The account's configuration. */
import type { FastifyInstance } from 'fastify';
import { registerVisitorData } from './visitor-data-routes.js';
import type { ConfigurationContext } from './context.js';
import { registerAppKeys } from './app-key-routes.js';
import { registerCollection } from './collection-routes.js';
import { groupsCollection, skillsCollection, usersCollection } from './le-users.js';
import {
  categoriesCollection,
  contentCollection,
  predefinedCategoriesCollection,
  predefinedContentCollection,
  routingRulesCollection,
  statusReasonsCollection,
  surveysCollection,
} from './own-collections.js';
import { registerPasswords } from './password-routes.js';
import { registerProfiles } from './profiles.js';
import { registerQuery } from './query-routes.js';
import { visitorIdentityCollection } from './visitor-identity.js';
import { registerSettings } from './settings-routes.js';
import { registerMailTest } from './mail-test.js';
import { registerWorkspacePages } from './workspace-pages.js';
import { registerUserImport } from './user-import-routes.js';

/** Registers everything below `…/configuration/`, and what an account knows of its visitors. */
export function registerConfiguration(app: FastifyInstance, server: ConfigurationContext): void {
  registerCollection(app, server, usersCollection, 'changed by lists');
  registerCollection(app, server, skillsCollection, 'changed by lists');
  registerCollection(app, server, groupsCollection, 'changed by lists');
  registerQuery(app, server, usersCollection);
  registerQuery(app, server, skillsCollection);
  registerQuery(app, server, groupsCollection);
  registerPasswords(app, server);
  registerProfiles(app, server);
  registerCollection(app, server, surveysCollection, 'none');
  registerCollection(app, server, categoriesCollection, 'none');
  registerCollection(app, server, contentCollection, 'none');
  registerCollection(app, server, predefinedCategoriesCollection, 'changed by lists');
  registerCollection(app, server, predefinedContentCollection, 'changed by lists');
  registerCollection(app, server, statusReasonsCollection, 'none');
  registerCollection(app, server, routingRulesCollection, 'none');
  registerCollection(app, server, visitorIdentityCollection(server.secrets), 'none');
  registerUserImport(app, server);
  registerAppKeys(app, server);
  registerSettings(app, server);
  registerWorkspacePages(app, server);
  registerMailTest(app, server);
  registerVisitorData(app, server);
}
