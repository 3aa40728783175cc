import type { Socket } from 'node:net';

type Callback = (error?: Error | null) => void;

/**
 * Has a socket send at once what is written to it in one turn of the event loop. amqplib writes each
 * frame by itself, which costs a system call here and wakes the broker up there.
 */
export function coalesceWrites(socket: Socket): void {
  const write = socket.write.bind(socket);
  const uncork = (): void => socket.uncork();
  socket.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): boolean => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(uncork);
    }
    return typeof encoding === 'function'
      ? write(chunk, encoding)
      : write(chunk, encoding, callback);
  };
}
