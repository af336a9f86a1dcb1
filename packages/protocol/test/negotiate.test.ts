import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENT_TYPES, chooseRepresentation } from '../src/index.js';

describe('which representation', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['*', 'json'],
    ['application/json', 'json'],
    ['Application/JSON; charset=utf-8', 'json'],
    ['application/*', 'json'],
    ['application/xml', 'xml'],
    ['text/xml', 'xml'],
    ['text/*', 'xml'],
    ['application/hal+json', 'hal'],
    ['application/hal+json, application/json;q=0.9, */*;q=0.1', 'hal'],
    ['application/problem+json', 'hal'],
    ['application/json, text/plain, */*', 'json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'xml'],
    ['application/xml, application/json', 'xml'],
    ['application/json;q=0.5, application/xml;q=0.8', 'xml'],
    ['application/xml;q=0.5, */*', 'json'],
    ['application/json;q=0, */*', 'xml'],
    ['*/*, application/xml', 'xml'],
    ['application/xml;q=nonsense, application/json;q=0.1', 'json'],
    ['APPLICATION/XML', 'xml'],
    ['Text/XML; Charset="utf-8"', 'xml'],
    ['application/hal+json;profile="a,b;q=0";q=0.9, application/json;q=0.5', 'hal'],
    ['application/json; charset=utf-8; q=0.2, application/xml;q=0.1;x=y', 'json'],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', 'json'],
    [' , application/xml ,, ', 'xml'],
    [`${'application/x,'.repeat(1_000)}application/xml`, 'xml'],
    [`application/xml${';a=b'.repeat(2_000)}`, 'xml'],
    ['application/json; q=0.1, application/xml; q=0.2', 'xml'],
    ['application/json ; x=y ; q=0.1, application/xml ; q=0.2', 'xml'],
    ['application/json;Q=0.1, application/xml;Q=0.2', 'xml'],
    ['text/html', 'none'],
    ['image/*', 'none'],
    ['application/json;q=0', 'none'],
    ['*/*;q=0', 'none'],
    ['garbage', 'none'],
  ] as const)('[WIRE20] Accept %j gives %s', (accept, representation) => {
    expect(chooseRepresentation({ suffix: undefined, accept })).toBe(representation);
  });

  it('[WIRE20] anything else is answered without an error too', () => {
    const pieces = [
      'application/json',
      'xml',
      '/',
      '*',
      ',',
      ';',
      'q',
      '=',
      '0',
      '.',
      '"',
      '\\\\',
      ' ',
    ];
    const accept = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(accept, (text) => {
        expect(['json', 'xml', 'hal', 'none']).toContain(
          chooseRepresentation({ suffix: undefined, accept: text }),
        );
      }),
    );
  });

  it('[WIRE20] the suffix overrides Accept', () => {
    expect(chooseRepresentation({ suffix: 'xml', accept: 'application/json' })).toBe('xml');
    expect(chooseRepresentation({ suffix: 'json', accept: 'text/html' })).toBe('json');
  });

  it('[WIRE20] each representation has its content type, in UTF-8', () => {
    expect(CONTENT_TYPES).toEqual({
      json: 'application/json; charset=utf-8',
      xml: 'application/xml; charset=utf-8',
      hal: 'application/hal+json; charset=utf-8',
    });
  });
});
