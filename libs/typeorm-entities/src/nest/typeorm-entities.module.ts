import { Logger, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { createDataSource, dataSourceOptions, type DatabaseOptions } from '../data-source';
import { Database } from './database';

/** Gives an app its `Database`, and TypeORM's `DataSource` beside it. */
@Module({})
export class TypeormEntitiesModule {
  /** The database of the app, app-wide; connected in the background. */
  static forRoot(options: DatabaseOptions): DynamicModule {
    const logger = new Logger(TypeormEntitiesModule.name);
    const withLogger: DatabaseOptions = {
      onConnectionError: (error) =>
        logger.warn(`Lost a connection to PostgreSQL: ${error.message}`),
      ...options,
    };
    return {
      module: TypeormEntitiesModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ ...dataSourceOptions(withLogger), manualInitialization: true }),
          dataSourceFactory: async () => createDataSource(withLogger),
        }),
      ],
      providers: [Database],
      exports: [Database],
    };
  }
}
