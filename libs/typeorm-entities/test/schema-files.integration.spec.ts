import { readFileSync } from 'node:fs';
import { testServers } from '@askflash/testing';
import { normalise } from '../tools/dump-schema';
import { renderSchemaFiles } from '../tools/schema-files';

/** PostgreSQL writes views with the columns' tables before 16, and without them from 16 on. */
const comparable = (text: string) =>
  text.replaceAll(/\b(task_histories|agent_performance|tasks)\.(?=\w)/g, '');

it('the committed schema is that of the migrations; else run nx run typeorm-entities:schema', async () => {
  const files = await renderSchemaFiles(testServers().DATABASE_URL);
  expect(files.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
    'database/schema.sql',
    'reference/schema.md',
  ]);
  for (const { path, content } of files) {
    expect(comparable(readFileSync(path, 'utf8'))).toBe(comparable(content));
  }
});

it('the dump of another minor version of pg_dump is the same', () => {
  const body = 'CREATE TABLE public.a (\n    id integer\n);';
  const older = `--\n-- Dumped by pg_dump version 15.4\n--\n\nSET lock_timeout = 0;\n\n${body}\n`;
  const newer = `\\restrict fT3k\n\n-- Dumped by pg_dump version 15.18\n\nSET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\n\n${body}\n\n\\unrestrict fT3k\n`;
  expect(normalise(older)).toBe(`${body}\n`);
  expect(normalise(newer)).toBe(normalise(older));
});
