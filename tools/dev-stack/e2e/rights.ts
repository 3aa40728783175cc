import { eventually } from '@askflash/testing';
import { connect } from 'amqplib';
import { z } from 'zod';
import type { LocalFolder } from '../stack/local.mjs';
import { urlFor, type Attempt } from './forbidden/attempt';
import { POSTGRES_ATTEMPTS } from './forbidden/postgres';
import { RABBITMQ_ATTEMPTS } from './forbidden/rabbitmq';
import { REDIS_ATTEMPTS } from './forbidden/redis';

/** As much of the coordinator's answers as is looked at. */
const answer = z.looseObject({
  deadLetters: z.array(z.looseObject({ queue: z.string(), redriveCount: z.number() })).optional(),
  tasks: z.array(z.looseObject({ id: z.string() })).optional(),
});

/** Tests of what the apps of a stack that runs may do at its servers, and what they may not. */
export function describeRights(local: LocalFolder): void {
  describe('each app, with its own login', () => {
    const stack = () => local.readEnvironment() ?? {};
    const api = async (path: string, init?: RequestInit) => {
      const response = await fetch(`${stack()['COORDINATOR_URL']}${path}`, init);
      return answer.parse(await response.json());
    };
    const refusals = (attempts: readonly Attempt[], variable: string) =>
      Promise.all(
        attempts.map(async ({ app, what, run: attempt }) => {
          const refusal = await attempt(urlFor(app, variable, stack())).then(
            () => 'nobody minds',
            (error: unknown) => (error instanceof Error ? error.message : String(error)),
          );
          return `${app} ${what}: ${refusal}`;
        }),
      );

    it('is refused at RabbitMQ whatever it does not need', async () => {
      for (const refusal of await refusals(RABBITMQ_ATTEMPTS, 'RABBITMQ_URL')) {
        expect(refusal).toMatch(/ACCESS[_-]REFUSED/);
      }
    });

    it('is refused at Redis whatever it does not need', async () => {
      for (const refusal of await refusals(REDIS_ATTEMPTS, 'REDIS_URL')) {
        expect(refusal).toMatch(/NOPERM|The user executing the script can't/);
      }
    });

    it('is refused at PostgreSQL whatever it does not need', async () => {
      for (const refusal of await refusals(POSTGRES_ATTEMPTS, 'DATABASE_URL')) {
        expect(refusal).toMatch(
          /permission denied|must be|read-only|password authentication failed/,
        );
      }
    });

    it.each([
      ['intent-agent', 'queues', 401],
      ['coordinator', 'users', 401],
      ['health-monitor', 'users', 401],
      ['health-monitor', 'queues', 200],
    ])('%s asks the management API for %s and is answered %i', async (app, what, status) => {
      const { origin, username, password } = new URL(
        urlFor(app, 'RABBITMQ_MANAGEMENT_URL', stack()),
      );
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      const response = await fetch(`${origin}/api/${what}`, { headers: { authorization } });
      expect(response.status).toBe(status);
    });

    it('leaves nobody in who has no login, nor RabbitMQ’s own guest', async () => {
      const at = (variable: string, user: string, password: string) => {
        const url = new URL(stack()[variable] ?? '');
        [url.username, url.password] = [user, password];
        return url.href;
      };
      const [broker, redis, database] = [
        RABBITMQ_ATTEMPTS[0],
        REDIS_ATTEMPTS[0],
        POSTGRES_ATTEMPTS[0],
      ];
      await expect(broker?.run(at('RABBITMQ_URL', 'guest', 'guest'))).rejects.toThrow(
        /ACCESS-REFUSED/,
      );
      await expect(redis?.run(at('REDIS_URL', '', ''))).rejects.toThrow(/NOAUTH/);
      await expect(database?.run(at('DATABASE_URL', 'coordinator', 'guessed'))).rejects.toThrow(
        /password/,
      );
    });

    it('does all that it is there for: what it dead-letters is told, and sent back', async () => {
      const connection = await connect(stack()['RABBITMQ_URL'] ?? '');
      const channel = await connection.createConfirmChannel();
      channel.sendToQueue('intent.task', Buffer.from('{'), { messageId: 'broken' });
      await channel.waitForConfirms();
      await connection.close();
      const broken = () => eventually(async () => (await api('/dead-letters')).deadLetters?.[0]);
      expect(await broken()).toMatchObject({ queue: 'intent.task', redriveCount: 0 });
      const report = await api('/dead-letters/redrive', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ filter: { queue: 'intent.task' }, dryRun: false }),
      });
      expect(report).toMatchObject({ items: [{ id: 'broken', outcome: 'redriven' }] });
      await eventually(async () => (await broken()).redriveCount === 1);
      const id = (await api('/tasks?limit=1')).tasks?.[0]?.id;
      expect(await api(`/tasks/${id}/why`)).toHaveProperty('taskId', id);
    });
  });
}
