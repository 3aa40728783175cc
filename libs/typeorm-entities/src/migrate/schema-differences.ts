import type { DataSource } from 'typeorm';
import { compareViews, type SchemaDifference } from './view-differences';

/**
 * Compares a database with the entities: tables as TypeORM does, views by what PostgreSQL makes of
 * their definitions. Changes nothing. TypeORM compares checks and predicates of indexes by name
 * only, and knows nothing of triggers and functions.
 */
export async function compareWithEntities(dataSource: DataSource): Promise<SchemaDifference> {
  const tables = await dataSource.driver.createSchemaBuilder().log();
  const views = await compareViews(dataSource);
  return {
    apply: [...tables.upQueries.map(({ query }) => query), ...views.apply],
    revert: [...views.revert, ...tables.downQueries.map(({ query }) => query).reverse()],
  };
}
