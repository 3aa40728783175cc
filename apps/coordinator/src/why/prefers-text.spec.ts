import { prefersText } from './prefers-text';

describe('prefersText', () => {
  it.each([
    'text/plain',
    'Text/Plain; charset=utf-8',
    'text/*',
    'text/plain, application/json;q=0.9',
  ])('gives text to %s', (accept) => expect(prefersText(accept)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'text/plain, application/json',
    'text/plain;q=0.5, application/json',
    'text/plain;q=0',
    'text/plain;q=x',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  ])('gives JSON to %s', (accept) => expect(prefersText(accept)).toBe(false));
});
