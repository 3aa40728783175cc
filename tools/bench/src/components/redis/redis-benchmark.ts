import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Benchmark } from '../../benchmark';
import { findProgram } from '../find-program';

const run = promisify(execFile);

/** Commands under way at once, as many as tasks of the benchmark of redis-tasks. */
const WIDTH = 32;
const VALUE_BYTES = 512;

/** The floor: what Redis does of the plainest writes, asked by its own program. */
export const redisBenchmark: Benchmark = {
  name: 'redis-benchmark',
  title: `redis-benchmark, one connection, ${WIDTH} at once: SET of ${VALUE_BYTES} bytes`,
  durability: 'Redis AOF everysec',
  figures: [{ name: 'operations/s', unit: '/s', better: 'higher' }],
  setUp: async (bench) => {
    const { env } = await bench.servers();
    const program = findProgram('redis-benchmark');
    const { hostname, port, username, password } = new URL(env.REDIS_URL);
    const user = username === '' ? [] : ['--user', decodeURIComponent(username)];
    const requests = bench.isQuick ? 100_000 : 1_000_000;
    return {
      measure: async () => {
        const { stdout } = await run(program, [
          ...['-h', hostname, '-p', port, '-a', decodeURIComponent(password), ...user],
          ...['-c', '1', '-P', String(WIDTH), '-n', String(requests), '-r', '10000'],
          ...['-d', String(VALUE_BYTES), '-t', 'set', '--csv'],
        ]);
        return { 'operations/s': Number(/^"SET","([\d.]+)"/m.exec(stdout)?.[1]) };
      },
      close: async () => undefined,
    };
  },
};
