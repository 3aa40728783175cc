/** Lets those that need the same thing have it one after the other. */
export class Turns {
  private readonly last = new Map<string, Promise<void>>();

  /** Runs `use` once everybody who came earlier for the same resource is done with it. */
  async take(resource: string, use: () => Promise<void>): Promise<void> {
    const before = this.last.get(resource) ?? Promise.resolve();
    const turn = before.then(use);
    this.last.set(
      resource,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
