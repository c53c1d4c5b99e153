/**
 * Sign-in with the Azure CLI: `az login` asks Entra for the code, in a folder of this attempt's own, and waits for the
 * person. What it brings is sealed into the attempt; the folder becomes the person's with the session. The process that
 * waits lives in this one: when this one ends, so does it, and the person is told to begin again.
 */
import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { DeviceAttempt, ErrorCode } from '#contracts';
import { AppError, Clock, minutesAfter, secondsAfter } from '#platform';
import { AzureCli, type CliLogin, loginMinutes } from '../azure-cli/azure-cli.ts';
import { CliFailure, type CliFailureReason } from '../azure-cli/cli-failure.ts';
import { CliFolders } from '../azure-cli/cli-folders.ts';
import { AuthConfig } from '../config/auth-config.ts';
import { AzureCliIdentity } from './azure-cli-identity.ts';
import { type AzureCliProof, gatherProof, readProof } from './azure-cli-proof.ts';
import { completionMinutes, type DeviceFlow } from './device-flow.ts';
import { SignIn, type SignedIn, type SignInRequest } from './sign-in.ts';
import type { SignInAttempt } from './sign-in-attempt.entity.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

const kind = 'azure_cli';
/** Each is a process of 140 MB that waits for a person, so one of ours has room for few. */
export const mostLogins = 10;
/** How often our page may ask; the Azure CLI asks Entra at its own pace. */
const pageIntervalSeconds = 2;
const watchEveryMs = 5_000;
/** Beyond it the process that waited is taken for dead. */
const leaseSeconds = 30;

@Injectable()
export class AzureCliFlow implements DeviceFlow, OnModuleDestroy, BeforeApplicationShutdown {
  readonly kind = kind;
  private readonly logger = new Logger(AzureCliFlow.name);
  /** What waits for a person in this process. */
  private readonly waiting = new Map<string, CliLogin>();
  private readonly following = new Set<Promise<void>>();
  private starting = 0;
  private isStopping = false;

  constructor(
    private readonly config: AuthConfig,
    private readonly attempts: SignInAttempts,
    private readonly cli: AzureCli,
    private readonly folders: CliFolders,
    private readonly identity: AzureCliIdentity,
    private readonly entrance: SignIn,
    private readonly clock: Clock,
  ) {}

  onModuleDestroy(): void {
    this.isStopping = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.waiting.forEach((login) => login.kill());
    await Promise.all(this.following);
  }

  async begin(browser: string, remember: boolean): Promise<DeviceAttempt> {
    if (this.waiting.size + this.starting >= mostLogins)
      throw new AppError('rate_limited', { retryAfterSeconds: 60 });
    this.starting += 1;
    const id = randomUUID();
    try {
      return await this.start(id, browser, remember);
    } catch (error) {
      await this.discardFolder(id);
      throw error instanceof AppError ? error : beginFailure(error);
    } finally {
      this.starting -= 1;
    }
  }

  async finish(attempt: SignInAttempt, request: SignInRequest): Promise<SignedIn> {
    try {
      const identity = await this.identity.verify(readProof(this.attempts.secretOf(attempt)));
      const alongside = (userId: string) => this.folders.adopt(attempt.id, userId).catch(onFullDisk);
      return await this.entrance.signIn(identity, { ...request, alongside });
    } finally {
      await this.discardFolder(attempt.id);
    }
  }

  abandon({ id }: SignInAttempt): Promise<void> {
    return this.stop(id);
  }

  /** Attempts that were cancelled, here or in another process, have given way, or have run out: nothing waits for them. */
  @Interval(watchEveryMs)
  async watch(): Promise<void> {
    for (const id of this.waiting.keys()) {
      if (!(await this.attempts.renewLease(id, this.leaseUntil()))) await this.stop(id);
    }
  }

  /** Attempts whose process has died. Its `az login` has died with it, so nobody can go on. */
  @Interval(watchEveryMs)
  async endOrphans(): Promise<void> {
    for (const { id } of await this.attempts.adopt(kind, this.leaseUntil())) {
      await this.discardFolder(id);
      await this.settle(id, { status: 'failed', failure: 'sign_in_interrupted' });
    }
  }

  private async start(id: string, browser: string, remember: boolean): Promise<DeviceAttempt> {
    const login = this.cli.login(await this.folders.create(id));
    try {
      const { userCode, verificationUri, message } = await login.message;
      const expiresAt = minutesAfter(this.clock.now(), loginMinutes);
      const leaseUntil = this.leaseUntil();
      await this.attempts.begin({ id, kind, browser, secret: '', remember, expiresAt, leaseUntil });
      this.follow(id, login);
      return {
        attemptId: id,
        userCode,
        verificationUri,
        message,
        expiresAt: expiresAt.toISOString(),
        intervalSeconds: pageIntervalSeconds,
      };
    } catch (error) {
      login.kill();
      throw error;
    }
  }

  private follow(id: string, login: CliLogin): void {
    this.waiting.set(id, login);
    const work = this.bringHome(id, login)
      .catch((error: unknown) => this.settleFailure(id, error))
      .catch((error: unknown) =>
        this.logger.warn({ msg: 'an Azure CLI sign-in could not be settled', err: error }),
      )
      .finally(() => {
        this.waiting.delete(id);
        this.following.delete(work);
      });
    this.following.add(work);
  }

  private async bringHome(id: string, login: CliLogin): Promise<void> {
    await login.done;
    const isOurs = await this.attempts.settle(id, {
      status: 'approved',
      secret: JSON.stringify(await this.proof(id)),
      expiresAt: minutesAfter(this.clock.now(), completionMinutes),
    });
    if (!isOurs) await this.discardFolder(id);
  }

  private proof(id: string): Promise<AzureCliProof> {
    return gatherProof(this.cli, this.folders.pending(id), this.config.openAiScope);
  }

  private async settleFailure(id: string, error: unknown): Promise<void> {
    await this.discardFolder(id);
    // What is no word of the Azure CLI is a fault of this machine.
    const reason = error instanceof CliFailure ? error.reason : 'machine';
    const failure = this.isStopping ? 'sign_in_interrupted' : codeOfReason[reason];
    if (reason === 'machine') this.logger.error({ msg: 'the Azure CLI could not do its work', err: error });
    else this.logger.log({ msg: 'an Azure CLI sign-in ended', failure, reason });
    await this.settle(id, { status: reason === 'declined' ? 'declined' : 'failed', failure });
  }

  private async settle(
    id: string,
    outcome: { status: 'declined' | 'failed'; failure: ErrorCode },
  ): Promise<void> {
    const recorded = () => this.entrance.recordFailure(kind, new AppError(outcome.failure), id);
    await this.attempts.settle(id, outcome, recorded);
  }

  private async stop(id: string): Promise<void> {
    this.waiting.get(id)?.kill();
    this.waiting.delete(id);
    await this.discardFolder(id);
  }

  /** What cannot be removed now is removed with the abandoned ones. */
  private async discardFolder(id: string): Promise<void> {
    await this.folders
      .discard(id)
      .catch((error: unknown) =>
        this.logger.warn({ msg: 'a folder of the Azure CLI stays for now', err: error }),
      );
  }

  private leaseUntil(): Date {
    return secondsAfter(this.clock.now(), leaseSeconds);
  }
}

/** The words for each reason while signing in. */
const codeOfReason: Record<CliFailureReason, ErrorCode> = {
  declined: 'sign_in_cancelled',
  interaction: 'sign_in_declined',
  login_required: 'sign_in_failed',
  unknown: 'sign_in_failed',
  timeout: 'sign_in_expired',
  network: 'sign_in_unavailable',
  machine: 'service_unavailable',
};

const onFullDisk = (cause: unknown): never => {
  throw new AppError('service_unavailable', {}, { cause });
};

/** Nothing has been asked of the person yet: either this machine or Entra is not ready. */
const beginFailure = (cause: unknown): AppError => {
  const isEntra = cause instanceof CliFailure && cause.reason !== 'machine';
  return new AppError(isEntra ? 'sign_in_unavailable' : 'service_unavailable', {}, { cause });
};
