import { JSON_VALUE } from '@askflash/contracts';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { hostileBody, hostileText } from './hostile-values';
import type { RawRequest } from './raw-http';

const DOCUMENT = resolve(__dirname, '../../../../docs/reference/openapi.json');

const operation = z.object({
  parameters: z
    .array(z.object({ in: z.enum(['path', 'query', 'header']), name: z.string() }))
    .default([]),
  requestBody: z
    .object({ content: z.object({ 'application/json': z.object({ example: JSON_VALUE }) }) })
    .optional(),
});
const document = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** An operation of the API, as its OpenAPI document has it. */
type Operation = z.output<typeof operation> & { readonly method: string; readonly path: string };

/** Every operation that the document has. */
function operations(): Operation[] {
  const { paths } = document.parse(JSON.parse(readFileSync(DOCUMENT, 'utf8')));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, rest]) => ({
      ...rest,
      method: method.toUpperCase(),
      path,
    })),
  );
}

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'get', 'X Y'];
const TYPES = [
  ...['text/plain', 'application/xml', 'application/json; charset=utf-16', 'a/b;c', '', '/', '\0'],
  ...['multipart/form-data', 'application/x-www-form-urlencoded', 'application/json, text/plain'],
];

/** Characters that end a request line or a header are sent as they are once in a while. */
const wireText = fc.oneof(
  { weight: 4, arbitrary: hostileText.map(encode) },
  { weight: 1, arbitrary: hostileText },
);

const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('traceparent', 'accept', 'authorization', 'range', 'host', 'cookie', 'te'),
    hostileText,
  ),
  fc.tuple(wireText, hostileText),
  fc.constantFrom<[string, string]>(
    ['content-length', '7'],
    ['content-length', '-1'],
    ['content-length', '9'.repeat(30)],
    ['transfer-encoding', 'chunked, identity'],
    ['transfer-encoding', 'gzip'],
    ['expect', 'nothing'],
    ['upgrade', 'websocket'],
    ['content-encoding', 'gzip'],
    ['x-large', 'x'.repeat(70_000)],
  ),
);

/** Requests for an operation of the API with something wrong about each. `ids` are of tasks. */
export function hostileRequests(ids: readonly string[]): fc.Arbitrary<RawRequest> {
  return fc.oneof(
    ...operations().flatMap((each) => [
      { weight: 3, arbitrary: requests(each, ids, 'target') },
      { weight: 2, arbitrary: requests(each, ids, 'headers') },
      { weight: 1, arbitrary: requests(each, ids, 'method') },
      { weight: each.requestBody ? 12 : 0, arbitrary: requests(each, ids, 'body') },
    ]),
  );
}

/** What of a request is wrong; the rest is as it should be. */
type Part = 'target' | 'headers' | 'method' | 'body';

function requests(
  { method, path, parameters, requestBody }: Operation,
  ids: readonly string[],
  wrong: Part,
): fc.Arbitrary<RawRequest> {
  const example = requestBody?.content['application/json'].example;
  const valid = example === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(example));
  const named = (place: string) =>
    parameters.filter((each) => each.in === place).map(({ name }) => name);
  return fc
    .record({
      method: wrong === 'method' ? fc.constantFrom(...METHODS) : fc.constant(method),
      target: targets(path, ids, wrong === 'target' ? named('query') : undefined),
      extra: wrong === 'headers' ? headers(named('header')) : fc.constant([]),
      type: wrong === 'headers' ? fc.constantFrom(...TYPES) : fc.constant('application/json'),
      body: wrong === 'body' && example !== undefined ? hostileBody(example) : fc.constant(valid),
    })
    .map(({ type, extra, body, ...rest }) => {
      const about: [string, string][] =
        body.length === 0
          ? []
          : [
              ['content-type', type],
              ['content-length', String(body.length)],
            ];
      return { ...rest, body, headers: [['host', 'localhost'], ...about, ...extra] };
    });
}

/** @param query names of its parameters where the target is to be wrong */
function targets(
  path: string,
  ids: readonly string[],
  query?: readonly string[],
): fc.Arbitrary<string> {
  const good = fc
    .constantFrom(...ids)
    .map((id) => path.replace('{id}', id).replace('{name}', 'quick_answer'));
  if (!query) return good;
  const bad = wireText.map((text) => path.replace(/\{\w+\}/, () => text));
  const names = fc.constantFrom('unknown', '__proto__', 'limit[]', ...query, ...query);
  const pairs = fc.array(fc.tuple(names, wireText), { minLength: 1, maxLength: 4 });
  const search = pairs.map((all) => `?${all.map(([name, value]) => `${name}=${value}`).join('&')}`);
  const odd = fc.constantFrom(
    '//',
    '/./',
    '/%2e%2e/',
    '*',
    'http://[::1/',
    `/${'a/'.repeat(9_000)}`,
  );
  return fc.oneof(
    bad,
    fc.tuple(good, search).map((parts) => parts.join('')),
    fc.tuple(odd, good).map((parts) => parts.join('')),
  );
}

function headers(names: readonly string[]): fc.Arbitrary<[string, string][]> {
  const own = names.length > 0 ? [fc.tuple(fc.constantFrom(...names), hostileText)] : [];
  return fc.array(fc.oneof(header, ...own), { minLength: 1, maxLength: 3 });
}

function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
