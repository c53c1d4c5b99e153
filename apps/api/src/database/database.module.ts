import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { getDataSourceToken, InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ReservedDataSource } from '#platform';
import {
  type DataSourceSettings,
  dataSourceOptions,
  openConnections,
  reservedConnections,
} from './data-source.ts';

/** What readiness asks by. */
export const ReadinessDataSource = getDataSourceToken('readiness');

/**
 * The general pool, and the few connections that nobody else can take: one to tell how the database is, some for
 * administration.
 */
@Module({})
export class DatabaseModule implements OnModuleInit {
  constructor(
    @InjectDataSource('administration') private readonly administration: DataSource,
    @InjectDataSource('readiness') private readonly readiness: DataSource,
  ) {}

  async onModuleInit(): Promise<void> {
    await openConnections(this.administration, reservedConnections.administration);
    await openConnections(this.readiness, reservedConnections.readiness);
  }

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
