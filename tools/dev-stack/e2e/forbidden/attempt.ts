/** Something that an app must not be able to do, tried with its own login. */
export interface Attempt {
  readonly app: string;
  readonly what: string;
  /** @param url of the server, with the app's login */
  readonly run: (url: string) => Promise<unknown>;
}

/** A server's URL as one app has it. */
export function urlFor(app: string, variable: string, stack: Record<string, string>): string {
  const login = stack['APP_LOGINS']?.split('\n').find((line) => line.startsWith(`${app}:`));
  const url = new URL(stack[variable] ?? '');
  [url.username, url.password] = [app, login?.slice(app.length + 1) ?? 'none'];
  return url.href;
}
