import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { serve } from './serve.mjs';

/**
 * What a client of some system can do.
 *
 * @typedef {object} Client
 * @property {number} concurrency how many submissions are on their way at once
 * @property {(task: string) => Promise<void>} submit resolves once the task is accepted for good
 * @property {() => Promise<number>} completed how many of the tasks submitted since the last `begin`
 *   have ended well, as the system tells it
 * @property {(task: string) => Promise<void>} perform submits a task and resolves at its end
 * @property {() => void | Promise<void>} [begin] a round begins
 */

/**
 * Lets the harness drive a client; to be called once it is connected.
 *
 * @param {Client} client
 */
export function serveClient(client) {
  serve({
    begin: () => client.begin?.(),
    submit: (/** @type {number} */ count) => submitAll(client, count),
    completed: () => client.completed(),
    pace: (/** @type {number} */ rate, /** @type {number} */ seconds) =>
      pace(client, rate, rate * seconds),
  });
}

/**
 * @param {Client} client
 * @param {number} count
 * @returns {Promise<number>} how long that took, in milliseconds
 */
async function submitAll({ submit, concurrency }, count) {
  const start = performance.now();
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await submit(randomUUID());
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
  return performance.now() - start;
}

/**
 * Submits at a steady rate, whatever has become of the tasks before.
 *
 * @param {Client} client
 * @param {number} rate tasks a second
 * @param {number} count
 * @returns {Promise<number[]>} of each task the milliseconds from its turn to its end
 */
async function pace({ perform }, rate, count) {
  const start = performance.now();
  const performed = [];
  for (let index = 0; index < count; index += 1) {
    const due = start + (index * 1000) / rate;
    if (due > performance.now()) await delay(due - performance.now());
    const sent = performance.now();
    performed.push(perform(randomUUID()).then(() => performance.now() - sent));
  }
  return Promise.all(performed);
}
