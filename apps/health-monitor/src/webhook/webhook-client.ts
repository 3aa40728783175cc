import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { WebhookMessage } from './webhook-event';
import type { WebhookTarget } from './webhook-target';

/** What became of a message: `gone` where the receiver wants no more of it. */
export type SendOutcome =
  | { readonly result: 'delivered' }
  | { readonly result: 'failed' | 'gone'; readonly reason: string };

const GONE = 410;

/** Sends messages to one receiver, signed as the Standard Webhooks say. */
export class WebhookClient {
  private readonly url: URL;
  private readonly signer: Webhook;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    { url, secret }: WebhookTarget,
    private readonly options: { readonly timeoutMs: number },
  ) {
    this.signer = new Webhook(secret);
    this.url = new URL(url);
    this.headers = { 'content-type': 'application/json', ...authorizationOf(this.url) };
    // `fetch` takes no URL with credentials.
    this.url.username = this.url.password = '';
  }

  /** Never rejects. A redirect is not followed: what is signed is for one receiver. */
  async send({ id, payload }: WebhookMessage): Promise<SendOutcome> {
    const body = JSON.stringify(payload);
    const at = new Date();
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(this.options.timeoutMs),
        headers: {
          ...this.headers,
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
          'webhook-signature': this.signer.sign(id, at, body),
        },
        body,
      });
      // What it answers beyond its status matters to nobody.
      await response.body?.cancel();
      if (response.ok) return { result: 'delivered' };
      const reason = `it answers ${response.status}`;
      return { result: response.status === GONE ? 'gone' : 'failed', reason };
    } catch (error) {
      return { result: 'failed', reason: `no answer: ${reasonOf(error)}` };
    }
  }
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

const failure = z.object({ name: z.string(), cause: z.object({ code: z.string() }).optional() });

/** Why `fetch` failed, in one word: its messages may quote the URL, which is a secret. */
function reasonOf(error: unknown): string {
  const { data } = failure.safeParse(error);
  return data?.cause?.code ?? data?.name ?? 'unknown';
}
