import { STAGE_COMPLETED, sampleFileOf, type StageCompleted } from '@askflash/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEvent } from './event';

const CONTRACTS = join(__dirname, '../../../../libs/contracts/src');
const payload: StageCompleted = STAGE_COMPLETED.schema.parse(
  JSON.parse(readFileSync(join(CONTRACTS, sampleFileOf(STAGE_COMPLETED.type)), 'utf8')),
);
const headers = {
  'cloudEvents:specversion': '1.0',
  'cloudEvents:id': 'a',
  'cloudEvents:type': STAGE_COMPLETED.type,
  'cloudEvents:source': '/executor-agent',
  'cloudEvents:subject': payload.taskId,
  'cloudEvents:time': '2026-01-15T09:30:00.431Z',
};

function read(
  changes: {
    headers?: object;
    body?: string;
    routingKey?: string;
    deliveryMode?: number;
  } = {},
) {
  const { body = JSON.stringify(payload), routingKey = 'stage.completed.executor_reasoning' } =
    changes;
  return readEvent({
    content: Buffer.from(body),
    fields: { routingKey },
    properties: {
      contentType: 'application/json',
      deliveryMode: changes.deliveryMode ?? 2,
      headers: { ...headers, ...changes.headers },
    },
  });
}

describe('readEvent', () => {
  it('finds nothing wrong with a report that is as it has to be', () => {
    expect(read()).toEqual({ kind: 'completed', payload, problems: [] });
  });

  it.each([
    [{ routingKey: 'stage.completed.other' }, /routing key/],
    [{ headers: { 'cloudEvents:specversion': undefined } }, /cloudEvents:specversion/],
    [{ headers: { 'cloudEvents:time': 'now' } }, /cloudEvents:time/],
    [{ headers: { 'cloudEvents:subject': 'else' } }, /cloudEvents:subject/],
    [{ deliveryMode: 1 }, /delivery-mode is 1 instead of 2/],
  ])('names what is wrong with %j', (changes, problem) => {
    const { problems } = read(changes);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('; ')).toMatch(problem);
  });

  it.each([
    [{ body: '{' }, '', /stage.completed.v1/],
    [{ body: JSON.stringify({ ...payload, extra: 1 }) }, payload.taskId, /extra/],
    [{ headers: { 'cloudEvents:type': 'stage.done' } }, payload.taskId, /type is stage.done/],
  ])('cannot read %j, and says whose task it is about where it can', (changes, taskId, problem) => {
    const event = read(changes);
    expect(event).toMatchObject({ kind: 'unreadable', payload: { taskId } });
    expect(event.problems.join('; ')).toMatch(problem);
  });
});
