import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassageIndex } from '@askflash/documents';
import { KnowledgeFolderUnreadableError } from '../errors';
import { KnowledgeBase, type KnowledgeBaseOptions } from './knowledge-base';

describe('KnowledgeBase', () => {
  let folder: string;
  let warnings: string[];
  let time: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'knowledge-'));
    warnings = [];
    time = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, text: string | Buffer) => writeFileSync(join(folder, path), text);
  const open = (options: Partial<KnowledgeBaseOptions> = {}) =>
    new KnowledgeBase({
      folder,
      index: new PassageIndex(),
      warn: (message) => warnings.push(message),
      now: () => time,
      ...options,
    });
  const found = async (base: KnowledgeBase, query: string) =>
    (await base.search(query, 8)).map(({ path }) => path);

  it('reads Markdown, text and HTML in folders below, and nothing else', async () => {
    mkdirSync(join(folder, 'deep/er'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    write('deep/er/a.md', 'walrus');
    write('b.TXT', 'walrus');
    write('c.html', '<p>walrus</p>');
    write('d.json', '"walrus"');
    write('.hidden.md', 'walrus');
    write('node_modules/e.md', 'walrus');
    const base = open();
    expect((await found(base, 'walrus')).sort()).toEqual(['b.TXT', 'c.html', 'deep/er/a.md']);
    expect(base.size).toEqual({ documents: 3, passages: 3 });
  });

  it('sees what was added, changed and removed once its last look is too old', async () => {
    write('a.md', 'walrus');
    write('b.md', 'walrus');
    const base = open({ freshForMs: 1000 });
    expect(await found(base, 'walrus')).toHaveLength(2);
    write('a.md', 'otters');
    rmSync(join(folder, 'b.md'));
    write('c.md', 'otters');
    time = 999;
    expect(await found(base, 'otters')).toEqual([]);
    time = 1000;
    expect(await found(base, 'walrus')).toEqual([]);
    expect((await found(base, 'otters')).sort()).toEqual(['a.md', 'c.md']);
  });

  it('answers many questions at once by one look', async () => {
    write('a.md', 'walrus');
    const base = open({ freshForMs: 0 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => found(base, 'walrus')));
    expect(answers).toEqual(Array.from({ length: 20 }, () => ['a.md']));
  });

  it('never leaves the folder through a link, and follows links inside it', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      writeFileSync(join(outside, 'secret.md'), 'walrus');
      mkdirSync(join(folder, '..data'));
      write('..data/mounted.md', 'walrus');
      symlinkSync(join(folder, '..data/mounted.md'), join(folder, 'mounted.md'));
      symlinkSync(join(outside, 'secret.md'), join(folder, 'secret.md'));
      symlinkSync(outside, join(folder, 'elsewhere'));
      symlinkSync(folder, join(folder, 'circle'));
      symlinkSync(join(folder, 'nowhere.md'), join(folder, 'dangling.md'));
      expect(await found(open(), 'walrus')).toEqual(['mounted.md']);
      expect(warnings.sort()).toEqual([
        'dangling.md: cannot be found or read',
        'secret.md: links to a place outside the folder',
      ]);
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('reads a document once where links lead to it as well', async () => {
    write('z.md', 'walrus');
    symlinkSync(join(folder, 'z.md'), join(folder, 'a.md'));
    expect(await found(open(), 'walrus')).toEqual(['z.md']);
  });

  it('goes on without what it cannot use, says so once, and takes it when it is mended', async () => {
    write('good.md', 'walrus');
    write('large.md', `walrus ${'x'.repeat(200)}`);
    write('binary.txt', Buffer.from([0x77, 0, 1, 2]));
    mkdirSync(join(folder, 'folder.md'));
    execFileSync('mkfifo', [join(folder, 'pipe.md')]);
    symlinkSync(join(folder, 'folder.md'), join(folder, 'link.md'));
    const base = open({ freshForMs: 0, limits: { maxDocuments: 10, maxDocumentBytes: 100 } });
    expect(await found(base, 'walrus')).toEqual(['good.md']);
    expect(await found(base, 'walrus')).toEqual(['good.md']);
    expect(warnings).toEqual([
      'large.md: is larger than 100 bytes',
      'link.md: is not a file',
      'binary.txt: is not text',
    ]);
    write('large.md', 'walrus');
    expect((await found(base, 'walrus')).sort()).toEqual(['good.md', 'large.md']);
  });

  it('goes on without a document it may not read', async () => {
    write('a.md', 'walrus');
    write('b.md', 'walrus');
    jest.spyOn(files, 'readFile').mockRejectedValueOnce(new Error('EACCES'));
    expect(await found(open(), 'walrus')).toEqual(['b.md']);
    expect(warnings).toEqual(['a.md: cannot be read']);
  });

  it('reads no more documents than allowed', async () => {
    for (const name of ['a', 'b', 'c']) write(`${name}.md`, 'walrus');
    const base = open({ limits: { maxDocuments: 2, maxDocumentBytes: 100 } });
    expect((await found(base, 'walrus')).sort()).toEqual(['a.md', 'b.md']);
    expect(warnings).toEqual([`${folder}: only 2 of 3 documents are read`]);
  });

  it('says so where the folder is missing or goes away', async () => {
    await expect(open({ folder: join(folder, 'none') }).refresh()).rejects.toThrow(
      KnowledgeFolderUnreadableError,
    );
    write('a.md', 'walrus');
    const base = open({ freshForMs: 0 });
    expect(await found(base, 'walrus')).toEqual(['a.md']);
    rmSync(folder, { recursive: true });
    await expect(base.search('walrus', 8)).rejects.toThrow(KnowledgeFolderUnreadableError);
  });
});
