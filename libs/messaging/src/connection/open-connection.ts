import { certificateProblem, nodeUrls } from '@askflash/config';
import { connect, type ChannelModel } from 'amqplib';
import { BrokerUnreachableError } from '../errors';

/**
 * Opens a plain connection, for work that ends: a command, a check. Whoever opens it closes it. Of a
 * cluster it is to the first node that takes it.
 *
 * @throws {BrokerUnreachableError} no node answers in time, or all refuse
 */
export async function openConnection(
  url: string,
  { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number },
): Promise<ChannelModel> {
  const failures: unknown[] = [];
  for (const nodeUrl of nodeUrls(url)) {
    try {
      const model = await connect(nodeUrl, {
        timeout: timeoutMs,
        clientProperties: { connection_name: name },
      });
      model.on('error', () => {}); // Whatever call is under way rejects.
      return model;
    } catch (error) {
      failures.push(error);
    }
  }
  const host = nodeUrls(url)
    .map((nodeUrl) => new URL(nodeUrl).host)
    .join(', ');
  const [cause] = failures;
  const problem = certificateProblem(cause);
  throw new BrokerUnreachableError(
    `RabbitMQ at ${host} cannot be used${problem === undefined ? '' : `: ${problem}`}`,
    { fields: { host }, cause },
  );
}
