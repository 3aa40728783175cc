import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../src/data-source';

/** Gives work an empty database on the server that `url` names, and drops it after it. */
export async function withScratchDatabase<T>(
  url: string,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const name = `scratch_${randomBytes(6).toString('hex')}`;
  const scratchUrl = new URL(url);
  scratchUrl.pathname = `/${name}`;
  await execute(url, `CREATE DATABASE ${name}`);
  try {
    const dataSource = connectionTo(scratchUrl.href);
    await dataSource.initialize();
    try {
      return await work(dataSource);
    } finally {
      await dataSource.destroy();
    }
  } finally {
    await execute(url, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const dataSource = await connectionTo(url).initialize();
  try {
    await dataSource.query(sql);
  } finally {
    await dataSource.destroy();
  }
}

const connectionTo = (url: string) =>
  createDataSource({ url, applicationName: 'typeorm-entities-tools', poolSize: 2 });
