import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { In } from 'typeorm';
import { Clock, Database, EventBus, minutesAfter } from '#platform';
import { CliFolders, type FolderAge } from '../azure-cli/cli-folders.ts';
import { User } from '../users/user.entity.ts';
import { userChanged } from '../users/users.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

const cleanUpEveryMs = 60_000;
/** A folder is there a moment before the row that it belongs to. */
const settledAfterMinutes = 2;

const isId = (name: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(name);

/**
 * Folders of the Azure CLI that belong to nobody any more: of sign-ins that nobody finished, of people who are disabled or
 * deleted. Signing out keeps a person's folder.
 */
@Injectable()
export class AzureCliCleanUp implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AzureCliCleanUp.name);
  private unsubscribe = (): void => undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly bus: EventBus,
    private readonly folders: CliFolders,
    private readonly attempts: SignInAttempts,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.bus.subscribe(userChanged, async ({ userId }) => {
      if ((await this.activeAmong([userId])).size === 0) await this.folders.wipe(userId);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  /** What a process before this one has left behind, and moves that it did not finish. */
  async onApplicationBootstrap(): Promise<void> {
    await this.trying(async () => {
      for (const { id } of await this.folders.listUsers()) await this.folders.recover(id);
      await this.cleanUp();
    });
  }

  @Interval(cleanUpEveryMs)
  async cleanUp(): Promise<void> {
    await this.trying(async () => {
      const pending = this.settled(await this.folders.listPending());
      const open = await this.attempts.open(pending.filter(isId));
      for (const id of pending) if (!open.has(id)) await this.folders.discard(id);
      const people = this.settled(await this.folders.listUsers());
      const active = await this.activeAmong(people.filter(isId));
      for (const id of people) if (!active.has(id)) await this.folders.wipe(id);
    });
  }

  private settled(folders: readonly FolderAge[]): string[] {
    const before = minutesAfter(this.clock.now(), -settledAfterMinutes);
    return [...new Set(folders.filter(({ changedAt }) => changedAt < before).map(({ id }) => id))];
  }

  private async activeAmong(ids: readonly string[]): Promise<Set<string>> {
    const found = await this.database
      .repository(User)
      .find({ select: { id: true }, where: { id: In([...ids]), isActive: true } });
    return new Set(found.map(({ id }) => id));
  }

  /** A full or missing disk must not end the process, nor the next round. */
  private async trying(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) =>
      this.logger.warn({ msg: 'folders of the Azure CLI could not be cleaned up', err: error }),
    );
  }
}
