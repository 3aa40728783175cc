import { z } from 'zod';
import type { Scenario } from '../scenario';

const versions = z.tuple([z.object({ version: z.string() })]);

export const POSTGRES: Scenario = {
  name: 'postgres',
  title: 'PostgreSQL connection',
  part: 'PostgreSQL',
  needs: [],
  timeoutMs: 10_000,
  remedy: 'See that PostgreSQL runs and that DATABASE_URL is right; `npm start` starts one.',
  async run(stack) {
    const dataSource = await stack.dataSource();
    const [{ version }] = versions.parse(
      await dataSource.query(`SELECT current_setting('server_version') AS version`),
    );
    return { summary: `PostgreSQL ${version}` };
  },
};
