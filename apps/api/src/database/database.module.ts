import { type DynamicModule, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { ReservedDataSource } from '#platform';
import { type DataSourceSettings, dataSourceOptions, reservedConnections } from './data-source.ts';

/** What readiness asks by. */
export const ReadinessDataSource = getDataSourceToken('readiness');

/**
 * The general pool, and the few connections that nobody else can take: one to tell how the database is, some for
 * administration.
 */
@Module({})
export class DatabaseModule {
  static forRoot(settings: Omit<DataSourceSettings, 'isReserved' | 'lockMs'>): DynamicModule {
    const reserved = (name: keyof typeof reservedConnections, entities: DataSourceSettings['entities']) =>
      TypeOrmModule.forRoot({
        ...dataSourceOptions({
          ...settings,
          entities,
          poolSize: reservedConnections[name],
          isReserved: true,
        }),
        name,
        retryAttempts: 0,
      });
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({ ...dataSourceOptions(settings), retryAttempts: 0 }),
        reserved('administration', settings.entities),
        reserved('readiness', []),
      ],
      providers: [{ provide: ReservedDataSource, useExisting: getDataSourceToken('administration') }],
      exports: [ReservedDataSource],
    };
  }
}
