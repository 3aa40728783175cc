import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { createTestCa } from '@askflash/testing';
import { read, workspaceRoot } from './compose-files';

/** The instructions of the Dockerfile, each on one line. */
const instructions = read('infrastructure/docker/Dockerfile')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'));
const only = (keyword: string, lines = instructions) =>
  lines
    .filter((line) => line.startsWith(`${keyword} `))
    .map((line) => line.slice(keyword.length + 1));
const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

describe('the Dockerfile', () => {
  it('starts every stage from the one base image, or from another stage', () => {
    expect(only('FROM')).toEqual([
      '${NODE_IMAGE} AS workspace',
      'workspace AS app',
      '${NODE_IMAGE}',
    ]);
  });

  it('installs from lock files only, and downloads nothing else', () => {
    const installs = only('RUN').flatMap((line) => line.match(/npm (ci|install|i)\b[^&]*/g) ?? []);
    expect(installs.map((line) => line.trim())).toEqual([
      'npm ci',
      'npm ci --omit=dev --ignore-scripts',
    ]);
    expect(only('ADD')).toEqual([]);
    expect(only('RUN').join()).not.toMatch(/curl|wget|apt-get|npm install/);
  });

  it('ends as a user without rights, who owns nothing', () => {
    expect(only('USER', last)).toEqual(['1000:1000']);
    expect(only('COPY', last)).toEqual(['--from=app /image /']);
  });

  it('needs no shell to run', () => {
    expect(only('RUN', last)).toEqual([]);
    expect(only('CMD', last)).toEqual([]);
    const commands = [
      ...only('ENTRYPOINT', last),
      ...only('HEALTHCHECK', last).map((line) => line.slice(line.indexOf('['))),
    ];
    expect(commands.map((command) => JSON.parse(command)[0])).toEqual(['node', 'node']);
  });

  it('is sent neither secrets nor what the host has built', () => {
    const ignored = read('.dockerignore').split('\n');
    const needed = ['**/.env*', 'secrets', '.git', '.local', '**/node_modules', '**/dist'];
    expect(ignored).toEqual(expect.arrayContaining(needed));
  });
});

describe('the build', () => {
  it('is sent the folders that apps bring along, whatever of docs is not', () => {
    const config = read('apps/health-monitor/webpack.config.js');
    const folders = [...config.matchAll(/'(?:\.\.\/)+(docs\/[\w/]+)'/g)].map(([, path]) => path);
    expect(folders).toEqual(['docs/runbooks']);
    const ignored = read('.dockerignore').split('\n');
    // The last line that fits a file decides.
    for (const folder of folders) {
      expect(ignored.indexOf(`!${folder}/*.md`)).toBeGreaterThan(
        Math.max(ignored.indexOf('docs'), ignored.indexOf('**/*.md')),
      );
    }
  });
});

describe('the health check', () => {
  async function exitCode(env: NodeJS.ProcessEnv): Promise<unknown> {
    const script = join(workspaceRoot, 'infrastructure/docker/healthcheck.mjs');
    const [code] = await once(spawn(process.execPath, [script], { env, stdio: 'ignore' }), 'exit');
    return code;
  }

  async function portOf(server: Server): Promise<number | undefined> {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  it.each([
    [200, 0],
    [503, 1],
  ])('makes of status %i the exit code %i', async (status, code) => {
    const server = createServer((_, response) => void response.writeHead(status).end());
    const port = await portOf(server);
    expect(await exitCode({ HEALTH_URL: `http://127.0.0.1:${port}/` })).toBe(code);
    server.close();
  });

  it('asks over TLS where the app has a certificate, whoever it is for', async () => {
    const ca = createTestCa();
    const { certFile, keyFile } = ca.issue('app', { hosts: ['DNS:coordinator'] });
    const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    const server = createTlsServer(tls, (_, response) => void response.end());
    const HEALTH_URL = `http://127.0.0.1:${await portOf(server)}/`;
    expect(await exitCode({ HEALTH_URL, HTTP_TLS_CERT_FILE: certFile })).toBe(0);
    expect(await exitCode({ HEALTH_URL })).not.toBe(0);
    server.close();
    ca.remove();
  });

  it('fails where nobody answers', async () => {
    expect(await exitCode({ HEALTH_URL: 'http://127.0.0.1:1/' })).not.toBe(0);
  });
});
