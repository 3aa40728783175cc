import { copyFileSync, readFileSync } from 'node:fs';
import { createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { createTestCa, eventually, type TestCertificate } from '@askflash/testing';
import { Controller, Get, Module } from '@nestjs/common';
import { HttpTlsInvalidError } from '../errors';
import { createHttpApp } from './create-http-app';
import { followRenewals, readHttpTls } from './http-tls';

@Controller('things')
class ThingsController {
  @Get()
  read() {
    return { thing: 1 };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const ca = createTestCa();
afterAll(() => ca.remove());

/** Who answers, for a client that trusts the authority. */
const ask = (port: number) =>
  new Promise<{ status: number | undefined; name: unknown }>((resolve, reject) => {
    const options = { port, path: '/things', ca: readFileSync(ca.caFile), agent: false };
    get({ host: 'localhost', ...options }, (response) => {
      const { socket } = response;
      const name = socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : '';
      response.resume().once('end', () => resolve({ status: response.statusCode, name }));
    }).once('error', reject);
  });

const filesOf = ({ certFile, keyFile }: TestCertificate) => ({
  httpTlsCertFile: certFile,
  httpTlsKeyFile: keyFile,
});

describe('an HTTP API with a certificate', () => {
  const files = filesOf(ca.issue('api'));
  let app: Awaited<ReturnType<typeof createHttpApp>>;
  let port = 0;

  beforeAll(async () => {
    const logging = { appName: 'things', level: 'silent' };
    app = await createHttpApp(ThingsModule, { ...logging, tls: files });
    await app.listen(0, '127.0.0.1');
    ({ port } = app.getHttpServer().address() as AddressInfo);
  });
  afterAll(() => app.close());

  it('speaks TLS, and nothing else', async () => {
    expect(await ask(port)).toEqual({ status: 200, name: 'api' });
    await expect(fetch(`http://127.0.0.1:${port}/things`)).rejects.toThrow();
  });

  it('is not known to a client that does not trust the authority', async () => {
    await expect(fetch(`https://localhost:${port}/things`)).rejects.toMatchObject({
      cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    });
  });
});

describe('followRenewals', () => {
  const files = filesOf(ca.issue('old'));
  const server = createServer({ ...readHttpTls(files) }, (_request, response) => response.end());
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('shows a renewed certificate without a restart, and keeps it where the next one is bad', async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const problems: unknown[] = [];
    followRenewals(server, files, { tell: (error) => problems.push(error), intervalMs: 20 });
    const renewed = ca.issue('renewed');
    copyFileSync(renewed.keyFile, files.httpTlsKeyFile);
    copyFileSync(renewed.certFile, files.httpTlsCertFile);
    await eventually(async () => (await ask(port)).name === 'renewed');
    copyFileSync(ca.issue('expired', { days: -1 }).certFile, files.httpTlsCertFile);
    await eventually(() => problems.length > 0);
    expect(await ask(port)).toEqual({ status: 200, name: 'renewed' });
  });
});

describe('readHttpTls', () => {
  const good = ca.issue('good');
  const expired = ca.issue('late', { days: -1 });

  it.each([
    ['no key', { ...filesOf(good), httpTlsKeyFile: undefined }, /one of the two/],
    ['no such file', filesOf({ ...good, certFile: '/nowhere/x' }), /HTTP_TLS_CERT_FILE names/],
    ['the key of another', filesOf({ ...good, keyFile: expired.keyFile }), /belong together/],
    ['no PEM', filesOf({ ...good, certFile: join(ca.folder, 'good.ext') }), /no PEM/],
    ['one that has expired', filesOf(expired), /has expired/],
  ])('refuses %s', (_what, files, problem) => {
    expect(() => readHttpTls(files)).toThrow(HttpTlsInvalidError);
    expect(() => readHttpTls(files)).toThrow(problem);
  });

  it('is nothing where no file is named', () => {
    const files = { httpTlsCertFile: undefined, httpTlsKeyFile: undefined };
    expect(readHttpTls(files)).toBeUndefined();
  });
});
