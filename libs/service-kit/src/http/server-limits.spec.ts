import { Module } from '@nestjs/common';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createHttpApp } from './create-http-app';

@Module({})
class EmptyModule {}

it('a client that has connected and asks nothing, as browsers do, keeps no service from its end', async () => {
  const app = await createHttpApp(EmptyModule, { appName: 'empty', level: 'silent' });
  await app.listen(0, '127.0.0.1');
  const accepted = once(app.getHttpServer(), 'connection');
  const client = connect(Number(new URL(await app.getUrl()).port), '127.0.0.1');
  const closed = once(client, 'close');
  await accepted;
  await app.close();
  client.resume();
  await closed;
});
