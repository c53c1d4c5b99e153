import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable, Logger, Optional } from '@nestjs/common';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type Repository,
} from 'typeorm';
import { currentRequest } from '../http/request-context.ts';

/** Another data source on the same database, small and always open, for requests that must not stand in the queue. */
export const ReservedDataSource = Symbol('reserved data source');

interface Ambient {
  manager: EntityManager;
  afterCommit: (() => void)[];
}

/**
 * The way to Postgres. `transaction` is ambient: whatever runs inside it, however deep, joins it, so a service
 * method that opens one also covers the audit entry and the events of those it calls.
 */
@Injectable()
export class Database {
  private readonly ambient = new AsyncLocalStorage<Ambient>();
  private readonly logger = new Logger(Database.name);

  constructor(
    private readonly dataSource: DataSource,
    @Optional() @Inject(ReservedDataSource) private readonly reserved?: DataSource,
  ) {}

  get manager(): EntityManager {
    return this.ambient.getStore()?.manager ?? this.chosen.manager;
  }

  /** Administration does not wait behind everybody else: where no connection is free at once, it has some of its own. */
  private get chosen(): DataSource {
    const { reserved, dataSource } = this;
    if (!reserved || !currentRequest()?.isAdministration) return dataSource;
    return idleConnections(dataSource) > 0 ? dataSource : reserved;
  }

  repository<Row extends ObjectLiteral>(entity: EntityTarget<Row>): Repository<Row> {
    return this.manager.getRepository(entity);
  }

  /** Rows of a statement; for `UPDATE … RETURNING` as well, where TypeORM would answer `[rows, count]`. */
  async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const answer: unknown = await this.manager.query(sql, [...parameters]);
    const isChange =
      Array.isArray(answer) &&
      answer.length === 2 &&
      Array.isArray(answer[0]) &&
      typeof answer[1] === 'number';
    return (isChange ? (answer as [Row[], number])[0] : answer) as Row[];
  }

  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.ambient.getStore()) return work();
    const afterCommit: Ambient['afterCommit'] = [];
    const result = await this.chosen.transaction((manager) =>
      this.ambient.run({ manager, afterCommit }, work),
    );
    // Outside the ambient transaction: what follows a commit must not write to a closed one.
    this.ambient.exit(() => afterCommit.forEach((act) => this.run(act)));
    return result;
  }

  /** Within the ambient transaction, what fails in `work` is undone alone and the rest can go on; else a transaction. */
  async savepoint<Result>(work: () => Promise<Result>): Promise<Result> {
    const store = this.ambient.getStore();
    if (!store) return this.transaction(work);
    const afterCommit: Ambient['afterCommit'] = [];
    const result = await store.manager.transaction((manager) =>
      this.ambient.run({ manager, afterCommit }, work),
    );
    store.afterCommit.push(...afterCommit);
    return result;
  }

  /** Runs `act` once the ambient transaction has committed, never if it rolls back; at once when there is none. */
  afterCommit(act: () => void): void {
    const store = this.ambient.getStore();
    if (store) store.afterCommit.push(act);
    else this.run(act);
  }

  private run(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.logger.error({ msg: 'an act after commit failed', err: error });
    }
  }
}

/** Of the pool of node-postgres, which TypeORM has but does not show. */
const idleConnections = ({ driver }: DataSource): number =>
  (driver as unknown as { master?: { idleCount: number } }).master?.idleCount ?? 0;
