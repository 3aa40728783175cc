import { Counter, Gauge, type Registry } from 'prom-client';
import type { Observation } from '../observe/observation';
import type { Watch } from '../watch/watch';

/** A figure under its labels. */
export type Sample<Label extends string> = readonly [Record<Label, string>, number];

type SamplesOf<Label extends string> = (seen: Observation) => readonly Sample<Label>[];

/** Makes metrics whose samples are read off the last look, at each scrape. */
export class LookCollectors {
  constructor(
    private readonly watch: Pick<Watch, 'latest'>,
    private readonly registry: Registry,
  ) {}

  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    samplesOf: SamplesOf<Label>,
  ): void {
    const read = () => this.read(samplesOf);
    new Gauge<string>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  }

  /** A counter that another server keeps. */
  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    samplesOf: SamplesOf<Label>,
  ): void {
    const read = () => this.read(samplesOf);
    new Counter<string>({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  }

  private read<Label extends string>(samplesOf: SamplesOf<Label>): readonly Sample<Label>[] {
    const { latest } = this.watch;
    return latest ? samplesOf(latest) : [];
  }
}
