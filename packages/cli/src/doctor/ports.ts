/** Looks whether the ports can be had, or whether a Parley server has them already. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { codeOf, type Finding, good, problem } from './finding.js';

/** How long an answer of what holds the port is waited for, ms. */
const PATIENCE = 2_000;

export async function checkPort(
  scheme: 'http' | 'https',
  host: string,
  port: number,
): Promise<Finding> {
  const about = scheme === 'http' ? 'HTTP port' : 'HTTPS port';
  if (port === 0) return good(about, 'any free one will be taken');
  const refusal = await tryToListen(host, port);
  if (refusal === null) return good(about, `${port} on ${host} is free`);
  const option = `--${scheme}-port`;
  switch (refusal) {
    case 'EADDRINUSE':
      return (await isParley(scheme, host, port))
        ? good(about, `${port} on ${host} is held by a Parley server that is alive`)
        : problem(
            about,
            `${port} on ${host} is taken by another program`,
            `Stop that program, or choose another port with ${option}.`,
          );
    case 'EACCES':
      return problem(
        about,
        `${port} may not be used by this user`,
        `Choose a port from 1024 on with ${option}, such as 8080 or 8443.`,
      );
    default:
      return problem(
        about,
        `${host} cannot be listened on (${refusal})`,
        "Choose one of this machine's addresses with --host, such as 127.0.0.1 or 0.0.0.0.",
      );
  }
}

/** Null when the port could be had, else the system's code for why not. */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(codeOf(error)));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

function isParley(scheme: 'http' | 'https', host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const options = { host: name, port, path: '/healthz', timeout: PATIENCE };
  return new Promise((resolve) => {
    // Nothing is sent but the question whether it is alive, so whose certificate it is matters not.
    const request =
      scheme === 'http'
        ? httpRequest(options)
        : httpsRequest({ ...options, rejectUnauthorized: false });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', () => resolve(false));
    request.on('response', (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > 1000) request.destroy();
      });
      response.on('close', () => resolve(text === '{"status":"alive"}'));
    });
    request.end();
  });
}
