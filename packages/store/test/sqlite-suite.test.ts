import { sqlitePlace } from './sqlite-place.js';
import { storeSuite } from './store-suite.js';

storeSuite('SQLite', sqlitePlace);
