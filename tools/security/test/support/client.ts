import { readFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';

/** What came back, unread. */
export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The authority that the client trusts, and no other. */
  readonly caFile?: string;
}

/** Asks over HTTP or HTTPS, over a connection of its own. `fetch` can be told of no authority. */
export function ask(url: string, { method, body, headers, caFile }: Asked = {}): Promise<Answer> {
  const request = url.startsWith('https:') ? requestTls : requestPlain;
  const options = {
    method,
    agent: false,
    headers: { 'content-type': 'application/json', ...headers },
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
  };
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const { statusCode: status = 0, rawHeaders } = response;
      text(response).then(
        (read) => resolve({ status, headers: rawHeaders.join('\n'), body: read }),
        reject,
      );
    })
      .once('error', reject)
      .end(body && JSON.stringify(body));
  });
}
