/** The key in a header `Authorization: Bearer <key>`; undefined where it holds none. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer ([\x21-\x7e]+)$/i.exec(authorization ?? '')?.[1];
}

/** The key that a browser sends as the password of HTTP Basic, whatever the user's name. */
export function passwordOf(authorization: string | undefined): string | undefined {
  const encoded = /^basic ([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  const login = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString();
  return /^[^:]*:([\x21-\x7e]+)$/.exec(login)?.[1];
}

/**
 * How a client may show its key. Only who asks for a page is told of HTTP Basic, for a browser then
 * asks its user.
 */
export function challengesFor(accept: string | undefined): string[] {
  const isBrowser = accept?.includes('text/html') ?? false;
  return ['Bearer', ...(isBrowser ? ['Basic realm="askflash", charset="UTF-8"'] : [])];
}
