import { eventually } from '@askflash/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';

const series = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])),
});

const rule = z.object({
  type: z.enum(['alerting', 'recording']),
  name: z.string(),
  query: z.string(),
  health: z.string(),
  lastError: z.string().optional(),
});
export type Rule = z.output<typeof rule>;

const alert = z.object({
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()),
  state: z.string(),
});
export type Alert = z.output<typeof alert>;

const target = z.object({
  labels: z.object({ job: z.string() }),
  health: z.string(),
  lastError: z.string(),
});
export type Target = z.output<typeof target>;

const answers = {
  range: z.object({ result: z.array(series) }),
  rules: z.object({ groups: z.array(z.object({ rules: z.array(rule) })) }),
  alerts: z.object({ alerts: z.array(alert) }),
  targets: z.object({ activeTargets: z.array(target) }),
};

/** A Prometheus of one suite's own; it remembers what it has seen since it started. */
export class Prometheus {
  private readonly startedAt = Date.now();

  private constructor(
    private readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  /**
   * @param options.folder takes its configuration and its data
   * @param options.config as in prometheus.yml, of which `${NAME}` in external labels is filled in from `env`
   */
  static async start({
    folder,
    config,
    port,
    env,
  }: {
    readonly folder: string;
    readonly config: object;
    readonly port: number;
    readonly env: Readonly<Record<string, string>>;
  }): Promise<Prometheus> {
    const file = join(folder, 'prometheus.yml');
    writeFileSync(file, stringify(config));
    const child = spawn(
      'prometheus',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // Always on since 3.0.
        '--enable-feature=expand-external-labels',
      ],
      { env: { PATH: process.env['PATH'], ...env }, stdio: 'ignore' },
    );
    await once(child, 'spawn').catch((cause: unknown) => {
      throw new Error('Prometheus is not installed: on Debian, apt-get install prometheus', {
        cause,
      });
    });
    process.once('exit', () => void child.kill('SIGKILL'));
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, child);
    await eventually(() => prometheus.isReady(), { what: 'Prometheus' });
    return prometheus;
  }

  /** Whether an expression has ever given a figure since the start. */
  async hasData(expression: string): Promise<boolean> {
    const { result } = await this.ask(answers.range, 'query_range', {
      query: expression,
      start: `${this.startedAt / 1000}`,
      end: `${Date.now() / 1000}`,
      step: '1',
    });
    return result.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))));
  }

  async rules(): Promise<Rule[]> {
    const { groups } = await this.ask(answers.rules, 'rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async alerts(): Promise<Alert[]> {
    return (await this.ask(answers.alerts, 'alerts')).alerts;
  }

  async targets(): Promise<Target[]> {
    return (await this.ask(answers.targets, 'targets')).activeTargets;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }

  private async isReady(): Promise<boolean> {
    return (await fetch(`${this.url}/-/ready`)).ok;
  }

  private async ask<T>(
    answer: z.ZodType<T>,
    path: string,
    parameters: Record<string, string> = {},
  ): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} ${parameters['query'] ?? ''}: ${body}`);
    return z.object({ data: answer }).parse(JSON.parse(body)).data;
  }
}
