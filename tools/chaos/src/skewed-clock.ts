/**
 * Loaded with `--require`: shifts the clock of a process by the milliseconds in its last argument.
 * Timers and `performance` go on as they were, as they do where only the wall clock is wrong.
 */
const offsetMs = Number(process.argv.at(-1));
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget): object =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + offsetMs] : args, newTarget),
  apply: () => new Date().toString(),
  get: (target, key, receiver): unknown =>
    key === 'now' ? () => RealDate.now() + offsetMs : Reflect.get(target, key, receiver),
});
