import { newId } from '@askflash/config';
import { STAGE_REQUESTED, type StageRequested } from '@askflash/contracts';
import type { RawMessage } from './queue';

const ONE_MEBIBYTE = 1024 * 1024;
const MAX_DEPTH = 64;

/** A message that no agent can take, and what is wrong with it. */
export interface Malformed extends RawMessage {
  readonly what: string;
}

/** One of each kind, made out of a request that is right. */
export function malformedMessages(request: StageRequested): Malformed[] {
  const bodies: [string, string | Buffer, string?][] = [
    ['no JSON', '{"taskId": '],
    [
      'no UTF-8',
      Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xff]), Buffer.from('"}')]),
    ],
    ['no object', '[]'],
    ['a field missing', JSON.stringify({ ...request, taskId: undefined })],
    ['a field too many', JSON.stringify({ ...request, extra: 1 })],
    ['a field of another type', JSON.stringify({ ...request, attempt: 'first' })],
    ['nested too deep', JSON.stringify({ ...request, input: { deep: nested(MAX_DEPTH) } })],
    ['too large', JSON.stringify({ ...request, query: 'x'.repeat(ONE_MEBIBYTE) })],
    ['an unknown type', JSON.stringify(request), 'stage.requested.v999'],
  ];
  return bodies.map(([what, body, type = STAGE_REQUESTED.type]) => {
    const id = newId();
    return { what, id, content: Buffer.from(body), headers: headersOf(id, type, request) };
  });
}

function headersOf(id: string, type: string, { taskId }: StageRequested) {
  return {
    'cloudEvents:specversion': '1.0',
    'cloudEvents:id': id,
    'cloudEvents:type': type,
    'cloudEvents:source': '/conformance',
    'cloudEvents:subject': taskId,
    'cloudEvents:time': new Date().toISOString(),
  };
}

function nested(depth: number): unknown {
  return depth === 0 ? [] : [nested(depth - 1)];
}
