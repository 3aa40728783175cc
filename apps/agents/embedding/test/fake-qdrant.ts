import { json } from 'node:stream/consumers';
import { startHttpServer } from '@askflash/testing';
import { z } from 'zod';

const condition = z.object({
  key: z.string(),
  match: z.union([z.object({ value: z.string() }), z.object({ except: z.array(z.string()) })]),
});
const filter = z.object({
  must: z.array(condition).default([]),
  must_not: z.array(condition).default([]),
});
const point = z.object({
  id: z.uuid(),
  vector: z.array(z.number()),
  payload: z.record(z.string(), z.string()),
});
type Point = z.output<typeof point>;
const body = {
  create: z.object({ vectors: z.object({ size: z.int(), distance: z.literal('Cosine') }) }),
  index: z.object({ field_name: z.literal('path'), field_schema: z.literal('keyword') }),
  upsert: z.object({ points: z.array(point) }),
  filtered: z.object({ filter }),
  query: z.object({ query: z.array(z.number()), limit: z.int(), with_payload: z.literal(true) }),
};

/** Those endpoints of Qdrant that the agent uses, over one collection in memory. */
export interface FakeQdrant {
  readonly url: string;
  /** Names of the collection's documents, in order. */
  paths(): string[];
  /** Method and path of every request. */
  readonly requests: string[];
  /** Answered to every request, while it is set. */
  failure: number | undefined;
  /** The key it asks for. */
  apiKey: string | undefined;
  /** Size of the collection's vectors; undefined while there is none. */
  size: number | undefined;
  close(): Promise<void>;
}

export async function startFakeQdrant(): Promise<FakeQdrant> {
  const points = new Map<string, Point>();
  const server = await startHttpServer(async (request, response) => {
    const call = `${request.method} ${(request.url ?? '').replace(/\?.*/, '')}`;
    fake.requests.push(call);
    const answer = (result: unknown) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ result, status: 'ok', time: 0 }));
    };
    const refuse = (status: number) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: { error: `It is ${status}` }, time: 0 }));
    };
    const input: unknown = request.method === 'GET' ? undefined : await json(request);
    if (fake.failure !== undefined) return refuse(fake.failure);
    if (fake.apiKey !== undefined && request.headers['api-key'] !== fake.apiKey) return refuse(403);
    if (call === 'GET /q/collections/docs/exists') {
      return answer({ exists: fake.size !== undefined });
    }
    if (call === 'PUT /q/collections/docs') {
      if (fake.size !== undefined) return refuse(409);
      fake.size = body.create.parse(input).vectors.size;
      return answer(true);
    }
    if (fake.size === undefined) return refuse(404);
    switch (call) {
      case 'PUT /q/collections/docs/index':
        body.index.parse(input);
        return answer({ operation_id: 1, status: 'completed' });
      case 'GET /q/collections/docs':
        return answer({
          config: { params: { vectors: { size: fake.size, distance: 'Cosine' } } },
        });
      case 'POST /q/collections/docs/points/count': {
        const { filter } = body.filtered.parse(input);
        return answer({ count: [...points.values()].filter(passes(filter)).length });
      }
      case 'PUT /q/collections/docs/points':
        for (const one of body.upsert.parse(input).points) {
          if (one.vector.length !== fake.size) return refuse(400);
          points.set(one.id, one);
        }
        return answer({ operation_id: 2, status: 'completed' });
      case 'POST /q/collections/docs/points/delete': {
        const { filter } = body.filtered.parse(input);
        for (const one of [...points.values()].filter(passes(filter))) points.delete(one.id);
        return answer({ operation_id: 3, status: 'completed' });
      }
      case 'POST /q/collections/docs/points/query': {
        const { query, limit } = body.query.parse(input);
        const ranked = [...points.values()]
          .map(({ id, vector, payload }) => ({ id, score: cosine(query, vector), payload }))
          .sort((one, other) => other.score - one.score);
        return answer({ points: ranked.slice(0, limit) });
      }
      default:
        return refuse(404);
    }
  });
  const fake: FakeQdrant = {
    url: `${server.url}/q`,
    paths: () =>
      [...new Set([...points.values()].map(({ payload }) => payload['path'] ?? ''))].sort(),
    requests: [],
    failure: undefined,
    apiKey: undefined,
    size: undefined,
    close: server.close,
  };
  return fake;
}

function passes({ must, must_not }: z.output<typeof filter>) {
  const holds = ({ payload }: Point, { key, match }: z.output<typeof condition>) =>
    'value' in match ? payload[key] === match.value : !match.except.includes(payload[key] ?? '');
  return (one: Point) =>
    must.every((condition) => holds(one, condition)) &&
    !must_not.some((condition) => holds(one, condition));
}

function cosine(one: readonly number[], other: readonly number[]): number {
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return dot(one, other) / (Math.sqrt(dot(one, one) * dot(other, other)) || 1);
}
