/** The Domain API (rules DOM…). */
import { members, valueAt } from '../answer.js';
import { type Chapter, check } from '../check.js';
import { containing, Wanted } from '../expectation.js';
import { Skipped } from '../outcome.js';

/** Every service that clients may ask for. */
const SERVICES = [
  'agentVep',
  'conversationVep',
  'adminArea',
  'liveEngage',
  'smt',
  'msdkgw',
  'accountConfigReadOnly',
  'accountConfigReadWrite',
  'engHistDomain',
  'leDataReporting',
  'sentinel',
  'acCdnDomain',
  'liveEngageUI',
  'adminlogin',
  'visitorFeed',
];

const aDomain = new Wanted('host[:port] without a scheme', (value) => {
  return typeof value === 'string' && /^(\[[\da-f:]+\]|[\w.-]+)(:\d+)?$/i.test(value);
});

export const domain: Chapter = {
  title: 'Domain API',
  checks: [
    check(
      'DOM1',
      'a service’s baseURI is answered without a credential, with and without .json',
      async (fixture) => {
        for (const path of [
          '/service/agentVep/baseURI.json?version=1.0',
          '/service/agentVep/baseURI',
        ]) {
          const answer = (await fixture.ask('GET', path)).is(200);
          answer.has('service', 'agentVep').has('account', fixture.target.account);
          answer.has('baseURI', aDomain);
        }
      },
    ),
    check('DOM1', 'it is answered under /csdr too', async (fixture) => {
      const path = `/csdr/account/${fixture.target.account}/service/conversationVep/baseURI.json?version=1.0`;
      const answer = (await fixture.ask('GET', fixture.origin + path)).is(200);
      answer.has('service', 'conversationVep').has('baseURI', aDomain);
    }),
    check('DOM2', 'without a service every service is listed', async (fixture) => {
      const answer = (await fixture.ask('GET', '/service/baseURI.json?version=1.0')).is(200);
      const listed = members(answer.at('baseURIs')).map((each) => valueAt(each, 'service'));
      const missing = SERVICES.filter((service) => !listed.includes(service));
      if (missing.length > 0) {
        throw answer.mismatch('services', SERVICES.join(', '), `no ${missing.join(', ')}`);
      }
      answer.has('baseURIs.0.account', fixture.target.account).has('baseURIs.0.baseURI', aDomain);
    }),
    check(
      'DOM3',
      'https:// and the baseURI is a server that knows the account',
      async (fixture) => {
        if (!fixture.api.startsWith('https:')) throw new Skipped('the suite runs over plain HTTP');
        const services = ['agentVep', 'conversationVep'];
        for (const service of services) {
          const found = (await fixture.ask('GET', `/service/${service}/baseURI.json`)).is(200);
          const url = `https://${found.at('baseURI')}/api/account/${fixture.target.account}`;
          (await fixture.ask('GET', `${url}/service/${service}/baseURI.json`)).is(200);
        }
      },
    ),
    check('DOM4', 'an unknown account is 404', async (fixture) => {
      const path = '/api/account/nobody_has_this_one/service/agentVep/baseURI.json';
      (await fixture.ask('GET', fixture.origin + path)).refuses(404);
    }),
    check('DOM4', 'an unknown service is 404 and the known ones are named', async (fixture) => {
      const answer = await fixture.ask('GET', '/service/teaService/baseURI.json');
      answer.refuses(404).has('error.message', containing('agentVep'));
    }),
    check('DOM4', 'what cannot be an account’s id is 400', async (fixture) => {
      for (const id of ['a.b', 'x'.repeat(21)]) {
        const path = `/api/account/${id}/service/agentVep/baseURI.json`;
        (await fixture.ask('GET', fixture.origin + path)).refuses(400);
      }
    }),
    check('DOM5', 'it is answered in XML as well', async (fixture) => {
      (await fixture.ask('GET', '/service/agentVep/baseURI.xml?version=1.0')).is(200).xml();
    }),
  ],
};
