/** What clients were told in a soak, and what was done to the installation meanwhile. Times are milliseconds since 1970. */
import type { GenerationFinished, MessageStatus } from '#contracts';
import type { FaultKind } from './plan.ts';

/** Something that a client asked for; `ackAt` is null when it was never told that it happened. It may have. */
export interface Attempt {
  begunAt: number;
  ackAt: number | null;
}

export interface Answered {
  begunAt: number;
  at: number;
  person: string;
  /** Method and path with `:id` for ids, or the name of a socket's event. */
  route: string;
  /** 0: the connection broke. -1: nothing came for so long that it is taken to hang. */
  status: number;
  code: string | null;
  hasRetryAfter: boolean;
  isProblem: boolean;
  /** The session that it was asked with. */
  sessionId: string | null;
}

export interface Sent extends Attempt {
  person: string;
  conversationId: string;
  clientMessageId: string;
  content: string;
  messageId: string | null;
  generationId: string | null;
}

export interface SignedIn extends Attempt {
  person: string;
  sessionId: string | null;
}

export interface Ending extends Attempt {
  why: 'signed_out' | 'own' | 'administrator' | 'disabled';
  /** Those that lived for certain when it was asked for. */
  sessionIds: string[];
}

export interface Disabled extends Attempt {
  person: string;
  userId: string;
  /** When somebody asked that they be enabled again. */
  enabling: Attempt | null;
}

export interface RoleChange extends Attempt {
  person: string;
  userId: string;
  isAdmin: boolean;
}

export interface OnConversation extends Attempt {
  person: string;
  conversationId: string;
}

/** What one tab heard of one answer. */
export interface Watch {
  person: string;
  generationId: string;
  /** As they came. */
  deltas: [seq: number, text: string][];
  /** What `generation:resume` answered, and how far the tab had it without a gap then. */
  resumed: { seq: number; status: MessageStatus; have: number; hasEnd: boolean }[];
  end: (Pick<GenerationFinished, 'seq' | 'status'> & { content: string }) | null;
  /** Asked for its end when all was over, and by then still signed in. */
  wasAwaited: boolean;
}

export interface Heard {
  person: string;
  sessionId: string;
  at: number;
}

export interface DoneFault {
  kind: FaultKind;
  begunAt: number;
  endedAt: number;
}

/** A small write by somebody whom no administrator touches, over and over. */
export interface Heartbeat {
  begunAt: number;
  at: number;
  isWell: boolean;
}

export interface ProcessLife {
  name: string;
  startedAt: number;
  endedAt: number | null;
  wasOrdered: boolean;
  samples: { at: number; rssBytes: number; handles: number }[];
  lines: string[];
}

export class Journal {
  readonly answers: Answered[] = [];
  readonly sent: Sent[] = [];
  readonly regenerated: (OnConversation & { generationId: string | null })[] = [];
  readonly created: (Attempt & { person: string; conversationId: string })[] = [];
  readonly renamed: (OnConversation & { title: string })[] = [];
  readonly deleted: OnConversation[] = [];
  readonly signIns: SignedIn[] = [];
  readonly endings: Ending[] = [];
  readonly disabled: Disabled[] = [];
  readonly roleChanges: RoleChange[] = [];
  readonly watches: Watch[] = [];
  readonly heard: Heard[] = [];
  /** Whose conversations and answers a person was told of, by their ids. */
  readonly toldOf = new Map<string, Set<string>>();
  /** Texts that reached somebody whom they do not belong to. */
  readonly strayTexts: { reader: string; belongsTo: string; where: string }[] = [];
  readonly faults: DoneFault[] = [];
  readonly heartbeats: Heartbeat[] = [];
  readonly lives: ProcessLife[] = [];
  /** When the last fault was over and people began nothing new. */
  calmAt = 0;
  /** When nobody's answer was being written any more; null when that did not come. */
  allEndedAt: number | null = null;

  noteId(person: string, id: unknown): void {
    if (typeof id !== 'string') return;
    const readers = this.toldOf.get(id) ?? new Set();
    this.toldOf.set(id, readers.add(person));
  }
}
