import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { DelayedPipe } from './delayed-pipe';
import { OPEN, type LinkState } from './link-state';

interface Pair {
  readonly far: Socket;
  readonly pipes: readonly DelayedPipe[];
}

/** A TCP proxy between one client and one server. */
export class Link {
  private state = OPEN;
  /** The client's socket of each connection, with what it is joined to. */
  private readonly pairs = new Map<Socket, Pair>();
  private readonly server: Server;

  private constructor(private readonly target: { readonly host: string; readonly port: number }) {
    this.server = createServer((near) => this.join(near));
  }

  static async open(target: { readonly host: string; readonly port: number }): Promise<Link> {
    const link = new Link(target);
    await new Promise<void>((resolve) => link.server.listen(0, '127.0.0.1', resolve));
    return link;
  }

  get port(): number {
    const address = this.server.address();
    return isAddress(address) ? address.port : 0;
  }

  /** How many connections go through it. */
  get connectionCount(): number {
    return this.pairs.size;
  }

  /** How much the clients of open connections have sent into it. */
  get takenBytes(): number {
    return [...this.pairs.keys()].reduce((sum, near) => sum + near.bytesRead, 0);
  }

  become(state: LinkState): void {
    const wasHalfOpen = this.state.isHalfOpen;
    this.state = state;
    for (const [near, { far, pipes }] of this.pairs) {
      // What was held back goes out before anything that comes in from now on.
      for (const pipe of pipes) pipe.release();
      if (state.isHalfOpen) far.destroy();
      if (state.isCut || wasHalfOpen) near.destroy();
    }
  }

  close(): void {
    this.server.close();
    for (const near of this.pairs.keys()) near.destroy();
  }

  private join(near: Socket): void {
    if (this.state.isCut) {
      near.destroy();
      return;
    }
    const far = connect({ ...this.target, noDelay: true });
    near.setNoDelay(true);
    const state = (): LinkState => this.state;
    const pipes = [new DelayedPipe(near, far, state), new DelayedPipe(far, near, state)];
    this.pairs.set(near, { far, pipes });
    near.on('error', () => undefined);
    far.on('error', () => undefined);
    near.once('close', () => {
      this.pairs.delete(near);
      far.destroy();
    });
    far.once('close', () => {
      if (!this.state.isHalfOpen) near.destroySoon();
    });
    if (this.state.isHalfOpen) far.destroy();
  }
}

function isAddress(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
