import { z } from 'zod';
import { loginsHazard } from './safety/hazards';
import { optional, type Variable } from './variable';

/** Who an app is at the servers, the same at each. */
export interface Login {
  /** The app's name, as in Compose: `coordinator`, `intent-agent`. */
  readonly user: string;
  readonly password: string;
}

const LOGIN = /^([a-z][a-z0-9-]{0,62}):(\S{1,200})$/;

const login = z
  .string()
  .regex(LOGIN)
  .transform((text): Login => {
    const [, user = '', password = ''] = LOGIN.exec(text) ?? [];
    return { user, password };
  });

/** What an app logs in with, wherever a URL says nothing of it: one secret for all servers. */
export const APP_LOGIN = optional({
  name: 'APP_LOGIN',
  description:
    'What the app logs in with at PostgreSQL, Redis and RabbitMQ where their URLs name no user',
  allowed: 'a user and a password, parted by a colon',
  schema: login,
  secret: true,
} satisfies Variable<z.ZodType<Login, string>>);

/** Whom the jobs let in. */
export const APP_LOGINS = optional({
  name: 'APP_LOGINS',
  description:
    'The logins of all apps, which the job makes users of, with the rights that each app needs',
  allowed: 'one login a line, a user and a password parted by a colon, no user twice',
  schema: z
    .string()
    .transform((text) => text.split(/\r?\n/).map((line) => line.trim()))
    .transform((lines) => lines.filter((line) => line !== ''))
    .pipe(
      z
        .array(login)
        .refine((logins) => new Set(logins.map(({ user }) => user)).size === logins.length),
    ),
  hazard: loginsHazard,
  secret: true,
} satisfies Variable<z.ZodType<readonly Login[], string>>);

/** A URL with a login filled in, where it has none of its own. */
export function withLogin(url: string, text: string | undefined): string {
  const parsed = login.safeParse(text);
  if (!parsed.success || !URL.canParse(url)) return url;
  const filled = new URL(url);
  if (filled.username !== '' || filled.password !== '') return url;
  filled.username = parsed.data.user;
  filled.password = encodeURIComponent(parsed.data.password);
  return filled.href;
}
