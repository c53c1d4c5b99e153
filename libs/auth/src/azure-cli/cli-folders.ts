/**
 * The folders of the Azure CLI: `pending/<attempt>` while somebody signs in, `users/<id>` for who has. What lies in them
 * is the Azure CLI's own, refresh tokens included, so every folder is for this account alone (0700). A folder becomes a
 * person's by renaming, with the one before kept aside until then: at no moment is there half of one.
 */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config/auth-config.ts';
import { cliFolderNames } from '../config/azure-cli-settings.ts';

const aside = '.replaced';

export interface FolderAge {
  id: string;
  /** When the folder was made, moved, or changed last. */
  changedAt: Date;
}

@Injectable()
export class CliFolders {
  private readonly pendingDir: string;
  private readonly usersDir: string;

  constructor({ azureConfigBaseDir }: AuthConfig) {
    this.pendingDir = join(azureConfigBaseDir, cliFolderNames.pending);
    this.usersDir = join(azureConfigBaseDir, cliFolderNames.users);
  }

  pending = (attemptId: string): string => join(this.pendingDir, attemptId);
  ofUser = (userId: string): string => join(this.usersDir, userId);

  async create(attemptId: string): Promise<string> {
    const folder = this.pending(attemptId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** The folder of a finished login becomes the person's. When it fails everything is as it was. */
  async adopt(attemptId: string, userId: string): Promise<void> {
    const [from, to] = [this.pending(attemptId), this.ofUser(userId)];
    await this.recover(userId);
    await ifThere(rename(to, to + aside));
    try {
      await rename(from, to);
    } catch (error) {
      await ifThere(rename(to + aside, to));
      throw error;
    }
    // The move has happened; what is left over goes now or with the next round.
    await remove(to + aside).catch(() => undefined);
  }

  discard(attemptId: string): Promise<void> {
    return remove(this.pending(attemptId));
  }

  /** Out of the way first, in one step: an `az` that is just working there cannot write it back. */
  async wipe(userId: string): Promise<void> {
    await remove(this.ofUser(userId) + aside);
    await ifThere(rename(this.ofUser(userId), this.pending(`wiped-${userId}`)));
    await remove(this.pending(`wiped-${userId}`));
  }

  listPending(): Promise<FolderAge[]> {
    return list(this.pendingDir);
  }

  /** A folder that stands aside is listed under its person too. */
  async listUsers(): Promise<FolderAge[]> {
    const folders = await list(this.usersDir);
    return folders.map(({ id, changedAt }) => ({ id: id.replace(aside, ''), changedAt }));
  }

  /** Ends a move that was cut off in the middle: the folder from before comes back, or goes where its successor is there. */
  async recover(userId: string): Promise<void> {
    const folder = this.ofUser(userId);
    if (await stat(folder).catch(() => null)) await remove(folder + aside);
    else await ifThere(rename(folder + aside, folder));
  }
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });

async function ifThere(act: Promise<void>): Promise<void> {
  await act.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Nothing where the folder is not there: the Azure CLI was never offered. */
async function list(folder: string): Promise<FolderAge[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (id) => {
      const status = await stat(join(folder, id)).catch(() => null);
      return status && { id, changedAt: new Date(Math.max(status.ctimeMs, status.mtimeMs)) };
    }),
  );
  return found.filter((one) => one !== null);
}
