import { connect, type Socket } from 'node:net';

/** How many connect at a time: more than a listener lets wait would be refused by the kernel. */
const WAVE_COUNT = 250;

/** Connections that are held open, until the server closes them. */
export class HeldConnections {
  private readonly sockets: Socket[] = [];
  private readonly open = new Set<Socket>();
  private readonly answers: string[] = [];
  private drip: NodeJS.Timeout | undefined;

  constructor(private readonly port: number) {}

  /** Opens connections, and sends a text over each. */
  async add(count: number, text = ''): Promise<void> {
    for (let left = count; left > 0; left -= WAVE_COUNT) {
      const wave = Array.from({ length: Math.min(left, WAVE_COUNT) }, () => this.connect(text));
      await Promise.all(wave);
    }
  }

  /** From now on sends a text over each that is open, again and again. */
  keepSending(text: string, intervalMs: number): void {
    this.drip = setInterval(() => {
      for (const socket of this.open) socket.write(text);
    }, intervalMs);
  }

  get openCount(): number {
    return this.open.size;
  }

  /** The statuses that came over those that are closed; each once. */
  get statuses(): string[] {
    const found = this.answers.map((answer) => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none');
    return [...new Set(found)];
  }

  close(): void {
    clearInterval(this.drip);
    for (const socket of this.sockets) socket.destroy();
  }

  private connect(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => {
        this.open.add(socket);
        if (text !== '') socket.write(text);
        resolve();
      });
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
      // Once it is connected, an error is one more way to be closed.
      socket.on('error', reject);
      socket.on('close', () => {
        if (this.open.delete(socket)) this.answers.push(answer);
      });
      this.sockets.push(socket);
    });
  }
}
