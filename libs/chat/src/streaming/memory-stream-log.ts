import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { StreamEvent } from './stream-event.ts';
import { keepReleasedMs, StreamLog } from './stream-log.ts';

/** For one process: those who read are in it as well. */
@Injectable()
export class MemoryStreamLog extends StreamLog implements OnModuleDestroy {
  private readonly events = new Map<string, StreamEvent[]>();
  private readonly expiries = new Map<string, NodeJS.Timeout>();

  async append(generationId: string, event: StreamEvent): Promise<void> {
    const events = this.events.get(generationId);
    if (events) events.push(event);
    else this.events.set(generationId, [event]);
  }

  async read(generationId: string, after: number): Promise<StreamEvent[] | null> {
    const events = this.events.get(generationId);
    const first = events?.[0]?.data.seq;
    if (!events || first === undefined || first > after + 1) return null;
    return events.slice(after + 1 - first);
  }

  release(generationId: string): void {
    const drop = () => {
      this.events.delete(generationId);
      this.expiries.delete(generationId);
    };
    clearTimeout(this.expiries.get(generationId));
    this.expiries.set(generationId, setTimeout(drop, keepReleasedMs).unref());
  }

  onModuleDestroy(): void {
    for (const expiry of this.expiries.values()) clearTimeout(expiry);
  }
}
