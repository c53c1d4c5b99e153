import type { Area } from './levers.ts';

/** One call that reached this Azure. Routes fill in what they learn; tests read it. */
export interface Call {
  id: number;
  at: string;
  area: Area;
  method: string;
  path: string;
  status: number | null;
  durationMs: number | null;
  /** The caller went away before the answer was complete. */
  aborted: boolean;
  /** The trace that the caller said this belongs to. */
  traceparent?: string;
  person?: string;
  personId?: string;
  clientId?: string;
  grant?: string;
  resource?: string;
  tokenId?: string;
  audience?: string;
  deployment?: string;
  deltas?: number;
  error?: string;
}

const KEPT = 20_000;

export class CallLog {
  private calls: Call[] = [];
  private lastId = 0;

  begin(area: Area, method: string, path: string): Call {
    const call: Call = {
      id: ++this.lastId,
      at: new Date().toISOString(),
      area,
      method,
      path,
      status: null,
      durationMs: null,
      aborted: false,
    };
    this.calls.push(call);
    if (this.calls.length > KEPT) this.calls.shift();
    return call;
  }

  list(wanted: Partial<Pick<Call, 'area' | 'person' | 'grant'>> & { after?: number }): Call[] {
    const { after = 0, ...exact } = wanted;
    const pairs = Object.entries(exact).filter(([, value]) => value !== undefined);
    return this.calls.filter(
      (call) => call.id > after && pairs.every(([name, value]) => call[name as keyof Call] === value),
    );
  }

  clear(): void {
    this.calls = [];
  }
}
