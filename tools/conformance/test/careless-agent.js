/**
 * An agent that answers ordinary requests as it should, and does wrong whatever else it can: it
 * heeds no wish to fail, runs duplicates again, acknowledges what it cannot read, does not look
 * whether anybody waits, and drops all when it is told to stop.
 */
const { connect } = require('amqplib');
const { v7: uuidv7 } = require('uuid');
const { setTimeout: delay } = require('node:timers/promises');

const AGENT = 'websearch';
const INSTANCE = uuidv7();
const STARTED_AT = new Date().toISOString();

async function main() {
  const connection = await connect(process.env.RABBITMQ_URL);
  const channel = await connection.createChannel();
  const publish = (event, about, subject, payload) =>
    channel.publish('mcp.events', `${event}.${about}`, Buffer.from(JSON.stringify(payload)), {
      contentType: 'application/json',
      persistent: true,
      headers: {
        'cloudEvents:specversion': '1.0',
        'cloudEvents:id': uuidv7(),
        'cloudEvents:type': `${event}.v1`,
        'cloudEvents:source': '/careless-agent',
        'cloudEvents:subject': subject,
        'cloudEvents:time': new Date().toISOString(),
      },
    });

  async function work({ properties, content }) {
    const { replyTo, correlationId } = properties;
    if (properties.headers['x-mcp-probe']) {
      const headers = { 'x-mcp-consumer': INSTANCE };
      return channel.publish('mcp.events', replyTo, Buffer.alloc(0), { correlationId, headers });
    }
    const { taskId, stage, attempt, input } = JSON.parse(content.toString());
    if (!taskId) return;
    if (input.conformance?.do === 'work') await delay(input.conformance.ms);
    publish('stage.completed', stage, taskId, {
      taskId,
      stage,
      attempt,
      agent: AGENT,
      instanceId: INSTANCE,
      output: { passages: [] },
      startedAt: new Date().toISOString(),
      durationMs: input.conformance?.ms ?? 0,
    });
  }

  await channel.consume(`${AGENT}.task`, (message) =>
    work(message)
      .catch(() => undefined)
      .then(() => channel.ack(message)),
  );
  const beat = () =>
    publish('agent.heartbeat', AGENT, INSTANCE, {
      agent: AGENT,
      instanceId: INSTANCE,
      version: 'careless',
      status: 'healthy',
      queue: `${AGENT}.task`,
      stages: ['web_search'],
      startedAt: STARTED_AT,
      intervalMs: 100,
      inFlight: 0,
      processed: 0,
      failed: 0,
      cpuPercent: 0,
      memoryBytes: 0,
    });
  setInterval(beat, 100);
  process.on('SIGTERM', () => process.exit(1));
}

main();
