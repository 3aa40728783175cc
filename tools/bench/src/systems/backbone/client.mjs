import amqp from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { serveClient } from '../program/client.mjs';

/*
 * A client of the backbone: hands tasks in over HTTP and takes the packaged final responses from
 * mcp.responses, acknowledging many at once.
 */

const { COORDINATOR_URL = '', RABBITMQ_URL = '', TEMPLATE = '' } = process.env;
const CONCURRENCY = 64;
const PREFETCH = 500;

const dispatcher = new Agent({ connections: CONCURRENCY });
/** @type {Set<string>} */
let submitted = new Set();
/** Tasks of a client before this one among them, whose responses nobody had acknowledged. @type {Set<string>} */
let completed = new Set();
/** By task, resolved at its end. @type {Map<string, () => void>} */
const waiting = new Map();

/**
 * As a client does, it comes again where there is too much to do. A task that was taken all the same would
 * be one too many, and void the round.
 *
 * @param {string} task
 * @returns {Promise<string>} its id
 */
async function submit(task) {
  const { statusCode, headers, body } = await request(`${COORDINATOR_URL}/tasks`, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'Why?', userId: 'bench', template: TEMPLATE, input: { task } }),
  });
  /** @type {any} */
  const answer = await body.json();
  if (statusCode === 503) {
    await delay(Number(headers['retry-after']) * 1000);
    return submit(task);
  }
  if (statusCode !== 202) throw new Error(`${statusCode} ${JSON.stringify(answer)}`);
  submitted.add(String(answer.id));
  return String(answer.id);
}

/** @param {string} task */
async function perform(task) {
  const id = await submit(task);
  // Its response may have been faster than the answer to the request.
  if (!completed.has(id)) await new Promise((resolve) => waiting.set(id, () => resolve(undefined)));
}

const connection = await amqp.connect(RABBITMQ_URL);
const channel = await connection.createChannel();
await channel.prefetch(PREFETCH);
/** @type {import('amqplib').Message | undefined} */
let unacknowledged;
await channel.consume('mcp.responses', (message) => {
  if (!message) return;
  const { taskId, status, error } = JSON.parse(message.content.toString());
  if (status !== 'complete') throw new Error(`Task ${taskId}: ${status}, ${error?.message}`);
  completed.add(taskId);
  waiting.get(taskId)?.();
  waiting.delete(taskId);
  if (!unacknowledged) setImmediate(acknowledge);
  unacknowledged = message;
});

function acknowledge() {
  if (unacknowledged) channel.ack(unacknowledged, true);
  unacknowledged = undefined;
}

serveClient({
  concurrency: CONCURRENCY,
  submit: async (task) => void (await submit(task)),
  perform,
  completed: async () => [...submitted].filter((id) => completed.has(id)).length,
  begin: () => {
    submitted = new Set();
    completed = new Set();
  },
});
