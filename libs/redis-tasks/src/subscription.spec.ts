import { token } from '../test/tasks';
import type { Mailbox } from './mailbox';
import { formatStreamId, isAfter, parseStreamId } from './stream-id';
import { follow } from './subscription';

const entry = (id: string) => ({ id: parseStreamId(id), event: token(id) });

describe('follow', () => {
  it('leaves nothing out where it is sent back to the stream while it reads there', async () => {
    const stream = [entry('1-1')];
    const abort = new AbortController();
    let mailbox: Mailbox | undefined;
    let reads = 0;
    const source = {
      channel: 'progress',
      channels: {
        isLive: true,
        join: (_channel: string, joined: Mailbox) => {
          mailbox = joined;
          return () => undefined;
        },
      },
      readAfter: async (id: string) => {
        const entries = stream.filter((one) => isAfter(one.id, parseStreamId(id)));
        reads += 1;
        if (reads === 1) {
          // Another reader of the channel comes in: what was published before is in the stream only.
          stream.push(entry('1-2'), entry('2-0'));
          mailbox?.invalidate();
          mailbox?.push(entry('2-0'));
        }
        return { seq: 1, entries };
      },
    };
    const ids: string[] = [];
    for await (const item of follow(source, { after: '1-0', signal: abort.signal })) {
      if (item.kind === 'event') ids.push(item.id);
      if (ids.includes('2-0')) abort.abort();
    }
    expect(ids).toEqual(stream.map(({ id }) => formatStreamId(id)));
  });
});
