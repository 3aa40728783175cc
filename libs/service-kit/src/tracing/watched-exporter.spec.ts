import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { WatchedExporter } from './watched-exporter';

describe('WatchedExporter', () => {
  it('tells the first failure of a row, without credentials, and that it is over', () => {
    const said: string[] = [];
    const log = { log: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
    let result: ExportResult = { code: ExportResultCode.SUCCESS };
    const exporter = new WatchedExporter(
      { export: (_spans, done) => done(result), shutdown: () => Promise.resolve() },
      log,
    );
    const told: ExportResult[] = [];
    const exportWith = (next: ExportResult) => {
      result = next;
      exporter.export([], (each) => told.push(each));
    };
    const failed = {
      code: ExportResultCode.FAILED,
      error: new Error('no answer of http://me:hunter2@collector'),
    };
    for (const each of [result, failed, failed, { code: ExportResultCode.SUCCESS }]) {
      exportWith(each);
    }
    expect(said).toEqual([
      'Traces cannot be delivered and are dropped: no answer of http://***@collector',
      'Traces are delivered again',
    ]);
    expect(told.map(({ code }) => code)).toEqual([0, 1, 1, 0]);
  });
});
