import { text } from 'node:stream/consumers';
import type { ServerResponse } from 'node:http';
import { startHttpServer } from '@askflash/testing';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const body = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.object({ id: z.string(), subject: z.string() }).loose(),
});

/** A message that was taken in, its signature verified. */
export interface ReceivedMessage extends z.output<typeof body> {
  readonly messageId: string;
}

/** A receiver of webhooks on a free port; each message is answered by `answer`. */
export interface WebhookReceiver {
  readonly url: string;
  /** In the order they came, refused ones included. */
  readonly received: ReceivedMessage[];
  /** Ids, in the order they came. */
  ids(): string[];
  close(): Promise<void>;
}

export async function startWebhookReceiver(
  answer: (response: ServerResponse, message: ReceivedMessage) => unknown = (response) =>
    response.writeHead(204).end(),
): Promise<WebhookReceiver> {
  const received: ReceivedMessage[] = [];
  const webhook = new Webhook(WEBHOOK_SECRET);
  const server = await startHttpServer(async (request, response) => {
    const raw = await text(request);
    const headers = z.record(z.string(), z.string()).parse(request.headers);
    const message = {
      ...body.parse(webhook.verify(raw, headers)),
      messageId: z.string().parse(headers['webhook-id']),
    };
    received.push(message);
    return answer(response, message);
  });
  return {
    url: `${server.url}/hooks/t0ken`,
    received,
    ids: () => received.map(({ messageId }) => messageId),
    close: () => server.close(),
  };
}
