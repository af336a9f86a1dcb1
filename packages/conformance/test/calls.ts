/** Calls to the demo server over TLS, beside the suite. */
import { request } from 'node:https';
import { DEMO, type DemoServer } from './demo-server.js';

/** The text of the answer. */
export function call(
  { https, ca }: Pick<DemoServer, 'https' | 'ca'>,
  method: 'GET' | 'POST',
  path: string,
  authorization = '',
  body?: unknown,
): Promise<string> {
  const url = `${https}/api/account/${DEMO.account}${path}`;
  const headers = { 'content-type': 'application/json', authorization };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, ca, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
