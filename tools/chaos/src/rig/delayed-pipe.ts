import type { Socket } from 'node:net';
import type { LinkState } from './link-state';

/** More than this on its way, and no more is taken in. */
const CAPACITY_BYTES = 1_000_000;

/**
 * One direction of a connection: what comes in goes out in its order, each piece as late as the
 * link's state says at the moment it comes in.
 */
export class DelayedPipe {
  private readonly waiting: { readonly piece: Buffer; readonly dueMs: number }[] = [];
  private waitingBytes = 0;
  /** When the last piece that came in goes out. */
  private lastMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly state: () => LinkState,
  ) {
    from.on('data', (piece) => this.take(Buffer.from(piece)));
    from.once('end', () => this.take(undefined));
    from.once('close', () => clearTimeout(this.timer));
    to.on('drain', () => from.resume());
  }

  /** Lets out at once whatever is held back. */
  release(): void {
    clearTimeout(this.timer);
    this.lastMs = 0;
    this.pump(Infinity);
  }

  private take(piece: Buffer | undefined): void {
    const { delayMs, bytesPerSecond, isHalfOpen } = this.state();
    if (isHalfOpen) return;
    const bytes = piece?.length ?? 0;
    const now = performance.now();
    this.lastMs = Math.max(now + delayMs, this.lastMs + (bytes * 1000) / bytesPerSecond);
    if (this.waiting.length === 0 && this.lastMs <= now && piece) {
      this.send(piece);
      return;
    }
    this.waiting.push({ piece: piece ?? END, dueMs: this.lastMs });
    this.waitingBytes += bytes;
    if (this.waitingBytes > CAPACITY_BYTES) this.from.pause();
    this.timer ??= setTimeout(() => this.pump(), this.lastMs - now);
  }

  private pump(now = performance.now()): void {
    this.timer = undefined;
    for (;;) {
      const next = this.waiting[0];
      if (!next) break;
      if (next.dueMs > now) {
        this.timer = setTimeout(() => this.pump(), next.dueMs - now);
        break;
      }
      this.waiting.shift();
      this.waitingBytes -= next.piece.length;
      this.send(next.piece);
    }
    if (this.waitingBytes <= CAPACITY_BYTES) this.from.resume();
  }

  private send(piece: Buffer): void {
    if (piece === END) this.to.end();
    else if (!this.to.destroyed && !this.to.write(piece)) this.from.pause();
  }
}

/** Stands for the end of what is sent. */
const END = Buffer.alloc(0);
