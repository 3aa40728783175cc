/**
 * Where a simulated run goes, decision by decision. Each number decides one; 0 is always the harmless
 * way, and so is whatever comes after the last number. A run that fails is therefore made simpler by
 * making numbers smaller and fewer, which is what fast-check does.
 */
export class Choices {
  private used = 0;

  constructor(private readonly numbers: readonly number[]) {}

  /** Whether all that comes is harmless. */
  get exhausted(): boolean {
    return this.used >= this.numbers.length;
  }

  /** One of `count` ways, 0 to `count - 1`. */
  pick(count: number): number {
    return this.next() % count;
  }

  /** Whether something happens that does so once in `rarity` times. */
  happens(rarity: number): boolean {
    return this.next() % rarity === rarity - 1;
  }

  private next(): number {
    const number = this.numbers[this.used] ?? 0;
    this.used += 1;
    return number;
  }
}
