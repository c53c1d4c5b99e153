import { Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '#platform';
import { AuditLog } from '../audit-log.ts';
import { type ChainHead, formatHead } from './chain-head.ts';

/** The longest an entry of a process that died waits for another one; else it is sealed right after its commit. */
const lookEveryMs = 500;
const tellHeadEveryMs = 60_000;
const batch = 1_000;

interface Sealed {
  /** How many links this run has put behind the head that it found. */
  sealed: number;
  head_sequence: string;
  head_hash: Buffer;
  /** Of the link that was the head before; null where it is gone. */
  known_hash: Buffer | null;
}

/**
 * Appends what has been committed to the chain. Any process does it for all: the database lets one at a time. The act's own
 * transaction never waits for it.
 */
@Injectable()
export class ChainSealer {
  private readonly logger = new Logger(ChainSealer.name);
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;
  private hasFailed = false;
  private isCut = false;
  private toldSequence = 0;
  /** What this process has seen sealed: it may only grow. */
  head: ChainHead | null = null;

  constructor(
    private readonly database: Database,
    audit: AuditLog,
  ) {
    audit.onRecorded(() => this.look());
  }

  /** Seals what was committed before the call. Those who ask while one run is under way share the next. */
  sealNow(): Promise<void> {
    this.next ??= this.running
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        this.running = this.drain();
        return this.running;
      });
    return this.next;
  }

  @Interval(lookEveryMs)
  look(): void {
    void this.sealOrTell();
  }

  /** Into the log stream, which others keep: an anchor outside the database. */
  @Interval(tellHeadEveryMs)
  tellHead(): void {
    if (!this.head || this.head.sequence === this.toldSequence) return;
    this.toldSequence = this.head.sequence;
    this.logger.log({ msg: 'audit chain head', head: formatHead(this.head) });
  }

  private async sealOrTell(): Promise<void> {
    try {
      await this.sealNow();
      this.hasFailed = false;
    } catch (error) {
      if (!this.hasFailed) this.logger.warn({ msg: 'audit entries wait to be sealed', err: error });
      this.hasFailed = true;
    }
  }

  private async drain(): Promise<void> {
    for (;;) {
      const [row] = await this.database.rows<Sealed>(
        'SELECT *, (SELECT hash FROM audit_chain WHERE sequence = $2) AS known_hash FROM seal_audit_entries($1)',
        [batch, this.head?.sequence ?? 0],
      );
      if (!row) return;
      this.notice(row);
      if (row.sealed < batch) return;
    }
  }

  /** Once cut, the head stays what it was: a verification in this process fails from then on. */
  private notice({ sealed, head_sequence, head_hash, known_hash }: Sealed): void {
    if (this.isCut) return;
    const head = { sequence: Number(head_sequence), hash: head_hash.toString('hex') };
    const known = this.head ?? { sequence: 0, hash: '' };
    const isShorter = head.sequence - sealed < known.sequence;
    const isAnother = known_hash !== null && known_hash.toString('hex') !== known.hash;
    this.isCut = isShorter || isAnother;
    if (!this.isCut) this.head = head;
    else this.logger.error({ msg: 'the audit chain was cut', was: formatHead(known), is: formatHead(head) });
  }
}
