/**
 * Answers the process that started this one, and ends with it. `program.ts` is the near end: each
 * message in is a call `{ id, call, args }`, each one out its answer, `{ id, value }` or
 * `{ id, error }`; the first one out, with id 0, says that the program is ready.
 *
 * @param {Readonly<Record<string, (...args: any[]) => unknown>>} calls by the name of the call
 */
export function serve(calls) {
  /** @param {{ id: number, call: string, args: unknown[] }} message */
  const answer = async ({ id, call, args }) => {
    try {
      return { id, value: (await calls[call]?.(...args)) ?? null };
    } catch (error) {
      return { id, error: error instanceof Error ? `${error.stack}` : String(error) };
    }
  };
  process.on('message', (message) => void answer(message).then((reply) => process.send?.(reply)));
  process.once('disconnect', () => process.exit());
  process.send?.({ id: 0, value: null });
}
