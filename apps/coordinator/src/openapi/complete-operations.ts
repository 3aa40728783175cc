import { OPEN_ROUTES, defaultRoles } from '@askflash/service-kit';
import type { OpenAPIObject } from '@nestjs/swagger';
import { EXAMPLES } from './examples';
import { SPECIAL_OPERATIONS } from './special-operations';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Response = Exclude<Operation['responses'][string], { $ref: string } | undefined>;
type Content = NonNullable<Response['content']>;

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const PROBLEM: Content = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' as const } },
};

/** Answers that any operation may give, with what each means. */
const BAD_REQUEST = {
  400: 'The request is not as it has to be; `fields` tells what is wrong where',
};
const REFUSALS = {
  401: 'There is no key, or it is not known',
  403: 'The key does not allow this',
  429: 'The key made too many requests within a minute',
};
const MEANINGS: Readonly<Record<string, string>> = {
  ...BAD_REQUEST,
  ...REFUSALS,
  404: 'There is no such thing, or it is another user’s',
  409: 'It is in the way of something else; `code` tells of what',
  503: 'Not just now; nothing was done',
  default: 'Any other error',
};

/** Says for every operation what all have in common, and adds examples. */
export function completeOperations(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => {
    const isOpen = OPEN_ROUTES.has(path);
    const operations = METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [[method, complete(operation, method, isOpen)] as const] : [];
    });
    return [path, { ...item, ...Object.fromEntries(operations) }] as const;
  });
  return {
    ...document,
    paths: Object.fromEntries(paths.sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function complete(operation: Operation, method: string, isOpen: boolean): Operation {
  const id = operation.operationId ?? '';
  const special = SPECIAL_OPERATIONS[id] ?? {};
  if (isOpen) return { ...operation, tags: ['machinery'], security: [], ...special };
  const takesInput = Boolean(operation.requestBody) || (operation.parameters ?? []).length > 0;
  const expected = { ...(takesInput ? BAD_REQUEST : {}), ...REFUSALS, default: '' };
  const responses = Object.keys({ ...operation.responses, ...expected }).map((status) => [
    status,
    completeResponse(status, operation, special.responses?.[status]),
  ]);
  const roles = { 'x-askflash-roles': [...defaultRoles(method.toUpperCase()), 'admin'] };
  return {
    ...roles,
    ...operation,
    ...special,
    security: [{ apiKey: [] }],
    ...withRequestExample(operation, id),
    responses: Object.fromEntries(responses),
  };
}

function completeResponse(
  status: string,
  { operationId = '', responses }: Operation,
  special: Operation['responses'][string],
): Operation['responses'][string] {
  const known = special ?? responses[status];
  if (known && '$ref' in known) return known;
  if (!isSuccess(status)) {
    return {
      ...known,
      description: known?.description || (MEANINGS[status] ?? 'An error'),
      ...(status === '429' ? { headers: RETRY_AFTER } : {}),
      content: PROBLEM,
    };
  }
  const example = EXAMPLES[operationId]?.response;
  const json = known?.content?.['application/json'];
  return {
    ...known,
    description: known?.description || 'Done',
    ...(json && example
      ? { content: { ...known.content, 'application/json': { ...json, example } } }
      : {}),
  };
}

function withRequestExample(
  { requestBody }: Operation,
  id: string,
): Pick<Operation, 'requestBody'> {
  const example = EXAMPLES[id]?.request;
  if (!requestBody || '$ref' in requestBody || !example) return requestBody ? { requestBody } : {};
  const json = { ...requestBody.content['application/json'], example };
  return { requestBody: { ...requestBody, content: { 'application/json': json } } };
}

function isSuccess(status: string): boolean {
  return status.startsWith('2');
}
