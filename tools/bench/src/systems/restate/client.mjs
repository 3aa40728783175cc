import { Agent, request } from 'undici';
import { serveClient } from '../program/client.mjs';

/*
 * A client of Restate: sends a backlog one-way through the ingress, and calls single tasks as requests
 * that are answered at their end.
 */

const { INGRESS_URL = '', ADMIN_URL = '' } = process.env;
const CONCURRENCY = 64;

const dispatcher = new Agent({ connections: 200 });
let before = 0;

/**
 * @param {string} url
 * @param {unknown} content
 */
async function post(url, content) {
  const { statusCode, body } = await request(url, {
    dispatcher,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(content),
  });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${statusCode} ${text}`);
  return text;
}

async function countEnded() {
  const answer = await post(`${ADMIN_URL}/query`, {
    query: `SELECT count(*) AS ended FROM sys_invocation_status
            WHERE target_service_name = 'Task' AND status = 'completed' AND completion_result = 'success'`,
  });
  return Number(JSON.parse(answer).rows[0].ended);
}

serveClient({
  concurrency: CONCURRENCY,
  submit: async (task) => void (await post(`${INGRESS_URL}/Task/run/send`, task)),
  perform: async (task) => void (await post(`${INGRESS_URL}/Task/run`, task)),
  completed: async () => (await countEnded()) - before,
  begin: async () => {
    before = await countEnded();
  },
});
