import { BROKER_PERMISSIONS } from '@askflash/messaging';
import { REDIS_USERS } from '@askflash/redis-tasks/access';
import { DATABASE_ROLES } from '@askflash/typeorm-entities';
import { code, page, table } from '../markdown';

const list = (texts: readonly string[]) => texts.map(code).join(' ') || 'none';

/** What each app may do at each server. */
export function accessPage(): string {
  return page(
    'Who may do what',
    [
      'Each app logs in under its own name, at each server with the same password (`APP_LOGIN`). It may do',
      'what stands here, and nothing else. The jobs log in as the administrator of RabbitMQ (`queue-init`)',
      'and as the owner of the database (`migration-runner`), and make these users (`APP_LOGINS`).',
    ].join('\n'),
    '## RabbitMQ\n\nRegular expressions over names of queues and exchanges, and over routing keys on `mcp.events`.',
    table(
      ['User', 'Declares', 'Publishes to', 'Consumes', 'Routing keys', 'Management API'],
      BROKER_PERMISSIONS.map(({ user, configure, write, read, topics, tags }) => [
        code(user),
        code(configure),
        code(write),
        code(read),
        code(topics.write),
        tags || 'no',
      ]),
    ),
    '## PostgreSQL\n\nAgents have no role: they never touch it. Nobody else may connect to the database.',
    ...DATABASE_ROLES.map(({ name, description, privileges, memberOf, settings }) =>
      [
        `### ${code(name)}\n\n${description}.`,
        table(
          ['Table or view', 'Privileges'],
          Object.entries(privileges).map(([relation, rights]) => [
            code(relation),
            rights.join(', '),
          ]),
        ),
        `Sessions begin with ${list(Object.entries(settings).map((pair) => pair.join(' = ')))}.`,
        ...memberOf.map((group) => `It is a member of ${code(group)}.`),
      ].join('\n\n'),
    ),
    '## Redis\n\nEach command in a script is checked by the same rules as one outside.',
    table(
      ['User', 'What for', 'Keys', 'Channels', 'Commands'],
      REDIS_USERS.map(({ name, description, keys, channels, commands }) => [
        code(name),
        description,
        list(keys),
        list(channels),
        list(commands),
      ]),
    ),
  );
}
