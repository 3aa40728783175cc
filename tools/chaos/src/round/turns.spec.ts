import { Turns } from './turns';

describe('Turns', () => {
  it('lets those who need the same go one after the other, also after a failure', async () => {
    const turns = new Turns();
    const done: string[] = [];
    let open = (): void => undefined;
    const first = turns.take('redis', async () => {
      await new Promise<void>((resolve) => (open = resolve));
      throw new Error('It failed');
    });
    const second = turns.take('redis', async () => void done.push('second'));
    await turns.take('postgres', async () => void done.push('other'));
    expect(done).toEqual(['other']);
    open();
    await expect(first).rejects.toThrow('It failed');
    await second;
    expect(done).toEqual(['other', 'second']);
  });
});
