import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { AuthConfig } from '../config/auth-config.ts';
import type { AzureCliSettings } from '../config/azure-cli-settings.ts';
import { forgetAccessTokens } from './access-token-cache.ts';
import { cliEnvironment } from './cli-environment.ts';
import { CliFailure, failureIn } from './cli-failure.ts';
import { FolderTurns } from './folder-turns.ts';
import { type LoginMessage, readLoginMessage } from './login-message.ts';
import { type Outcome, type ProcessGroup, startGroup } from './process-group.ts';

/** The code that Entra gives out is good for 15 minutes unless the tenant says otherwise. */
export const loginMinutes = 15;
/** The Azure CLI works on the public cloud, where this is Microsoft Graph. */
export const cliGraphScope = 'https://graph.microsoft.com/.default';

const signedInUserSchema = z.object({ id: z.guid() });
const tokenSchema = z.object({ token: z.string().min(1), expiresOnTimestamp: z.number().positive() });

export interface CliLogin {
  /** Rejects with CliFailure when `az` does not come up with a code. */
  message: Promise<LoginMessage>;
  /** Rejects with CliFailure when the person does not sign in. */
  done: Promise<void>;
  kill(): void;
}

export interface CliToken {
  accessToken: string;
  expiresAt: Date;
}

/** The Azure CLI, one process per call, each on one person's folder and with nothing else to know. */
@Injectable()
export class AzureCli implements OnModuleDestroy {
  /** After that it hangs. */
  readonly limits = { messageMs: 30_000, answerMs: 60_000 };
  private isStopping = false;
  private readonly running = new Set<ProcessGroup>();

  constructor(
    private readonly config: AuthConfig,
    private readonly turns: FolderTurns,
  ) {}

  /** Whatever is running ends with us. */
  onModuleDestroy(): void {
    this.isStopping = true;
    this.running.forEach((group) => group.kill());
  }

  get isOffered(): boolean {
    return this.config.azureCli !== undefined;
  }

  /** Begins a sign-in by device code; it goes on until the person has answered, or the code has expired. */
  login(folder: string): CliLogin {
    const { tenantId } = this.settings;
    const args = [
      'login',
      '--use-device-code',
      '--allow-no-subscriptions',
      '--tenant',
      tenantId,
      '--output',
      'none',
    ];
    let isLate = false;
    let tell: (found: LoginMessage) => void;
    const message = new Promise<LoginMessage>((resolve) => (tell = resolve));
    const group = this.start(folder, ['az', ...args], {
      timeoutMs: loginMinutes * 60_000,
      onStderr: (text) => {
        const found = readLoginMessage(text);
        if (found) tell(found);
      },
    });
    const timer = setTimeout(() => {
      isLate = true;
      group.kill();
    }, this.limits.messageMs);
    void message.then(() => clearTimeout(timer));
    const done = succeeded(group)
      .then(() => undefined)
      .catch((error: unknown) => {
        throw isLate ? new CliFailure('timeout') : error;
      })
      .finally(() => clearTimeout(timer));
    const withoutMessage = done.then(() => {
      throw new CliFailure('unknown');
    });
    const first = Promise.race([message, withoutMessage]);
    // Whoever waits for one of the two need not wait for the other.
    for (const promise of [done, first]) promise.catch(() => undefined);
    return { message: first, done, kill: () => group.kill() };
  }

  /** Who has signed in, in the words of `az ad signed-in-user show`. Throws CliFailure. */
  async signedInUserId(folder: string): Promise<string> {
    const args = ['ad', 'signed-in-user', 'show', '--output', 'json'];
    const { stdout } = await this.turns.take(folder, async () =>
      succeeded(this.start(folder, ['az', ...args])),
    );
    return parsed(stdout, signedInUserSchema).id.toLowerCase();
  }

  /** A token by AzureCliCredential. `renew`: not the one that the folder may hold. Throws CliFailure. */
  async token(folder: string, scope: string, { renew = false } = {}): Promise<CliToken> {
    const { tenantId } = this.settings;
    const { stdout } = await this.turns.take(folder, async () => {
      await requireFolder(folder);
      if (renew) await forgetAccessTokens(folder).catch(onMachine);
      return succeeded(this.start(folder, [...credentialProgram, toResourceScope(scope), tenantId]));
    });
    const { token, expiresOnTimestamp } = parsed(stdout, tokenSchema);
    return { accessToken: token, expiresAt: new Date(expiresOnTimestamp) };
  }

  private get settings(): AzureCliSettings {
    if (!this.config.azureCli) throw new CliFailure('machine');
    return this.config.azureCli;
  }

  private start(
    folder: string,
    command: readonly string[],
    {
      timeoutMs = this.limits.answerMs,
      ...more
    }: { timeoutMs?: number; onStderr?: (text: string) => void } = {},
  ): ProcessGroup {
    if (this.isStopping) throw new CliFailure('unknown');
    const env = cliEnvironment(this.settings, folder);
    const group = startGroup(command, { env, timeoutMs, ...more });
    this.running.add(group);
    const forget = () => this.running.delete(group);
    group.ended.then(forget, forget);
    return group;
  }
}

const program = fileURLToPath(import.meta.url).replace(/azure-cli(\.[jt]s)$/, 'credential-process$1');
/** Run from its sources it needs what we were run with. */
const loader = program.endsWith('.ts')
  ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
  : [];
const credentialProgram = [process.execPath, ...loader, program];

/** Short names of scopes, such as User.Read, are those of Microsoft Graph. */
const toResourceScope = (scope: string): string => (/^[\w.]+$/.test(scope) ? cliGraphScope : scope);

const onMachine = (cause: unknown): never => {
  throw new CliFailure('machine', null, { cause });
};

/** The Azure CLI would make it anew, for nothing. */
async function requireFolder(folder: string): Promise<void> {
  await access(folder).catch(() => {
    throw new CliFailure('login_required');
  });
}

async function succeeded(group: ProcessGroup): Promise<Outcome> {
  const outcome = await group.ended.catch(onMachine);
  if (outcome.timedOut) throw new CliFailure('timeout');
  if (outcome.status !== 0) throw failureIn(outcome.stderr);
  return outcome;
}

/** What was said is not repeated in the error: it may be a token. */
function parsed<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new CliFailure('unknown');
  }
}
