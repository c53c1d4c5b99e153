/** The services of chat on a real database, without Nest: what they do is theirs, not the framework's. */
import { randomUUID } from 'node:crypto';
import { openTestDatabase } from '../../../test/support/database.ts';
import { Registry } from 'prom-client';
import { EventBus } from '#platform';
import { FakeClock } from '#platform/testing';
import { ConversationSearch } from '../src/conversations/conversation-search.ts';
import {
  conversationDeleted,
  Conversations,
  conversationUpdated,
} from '../src/conversations/conversations.ts';
import { Finishing } from '../src/generation/finishing.ts';
import { GenerationEvents } from '../src/generation/generation-events.ts';
import { GenerationRows } from '../src/generation/generation-rows.ts';
import { GenerationMetrics } from '../src/generation/generation-metrics.ts';
import { GenerationRunner } from '../src/generation/generation-runner.ts';
import { Generations } from '../src/generation/generations.ts';
import { Recovery } from '../src/generation/recovery.ts';
import { Transcript } from '../src/generation/transcript.ts';
import { WholeTurns } from '../src/generation/whole-turn.ts';
import { chatEntities } from '../src/index.ts';
import { Messages } from '../src/messages/messages.ts';
import { ModelCatalog } from '../src/config/model-catalog.ts';
import { MemoryStreamLog } from '../src/streaming/memory-stream-log.ts';
import { generationTold } from '../src/streaming/stream-event.ts';
import { UsageDays } from '../src/usage/usage-days.ts';
import { testConfig } from './config.ts';
import { FakeModel, FakeTokens } from './fakes.ts';
import { until } from '../../../test/support/until.ts';
import type { Wire } from './wire.ts';

interface Emitted {
  userId: string;
  name: string;
  payload: Wire;
}

export async function openChat() {
  const { database, dataSource, close } = await openTestDatabase(chatEntities);
  const clock = new FakeClock(new Date('2026-03-01T10:00:00Z'));

  /** The services of one process. Several of them share the database and nothing else. */
  function startProcess() {
    const bus = new EventBus(database);
    const emitted: Emitted[] = [];
    bus.subscribe(
      generationTold,
      ({ userId, event: { name, data } }) => void emitted.push({ userId, name, payload: data }),
    );
    bus.subscribe(
      conversationUpdated,
      ({ userId, ...payload }) => void emitted.push({ userId, name: 'conversation:updated', payload }),
    );
    bus.subscribe(
      conversationDeleted,
      ({ userId, ...payload }) => void emitted.push({ userId, name: 'conversation:deleted', payload }),
    );
    const model = new FakeModel();
    const tokens = new FakeTokens();
    const log = new MemoryStreamLog();
    const catalog = new ModelCatalog(testConfig);
    const conversations = new Conversations(database, clock, bus, catalog);
    const conversationSearch = new ConversationSearch(database);
    const messages = new Messages(database, clock, conversations);
    const usageDays = new UsageDays(database, clock, testConfig);
    const rows = new GenerationRows(database, clock);
    const finishing = new Finishing(database, rows, messages, conversations, usageDays, log, bus);
    const metrics = new GenerationMetrics(new Registry());
    const runner = new GenerationRunner(rows, messages, finishing, model, tokens, log, bus, metrics);
    const recovery = new Recovery(rows, runner, finishing, log);
    const events = new GenerationEvents(rows, messages, log, bus);
    const transcript = new Transcript(conversations, messages, rows, events);
    const generations = new Generations(
      database,
      bus,
      conversations,
      messages,
      testConfig,
      catalog,
      usageDays,
      rows,
      runner,
    );
    const wholeTurns = new WholeTurns(database, conversations, generations, events);
    const idle = () => until(() => runner.running.length === 0);
    return {
      bus,
      emitted,
      model,
      tokens,
      log,
      conversations,
      conversationSearch,
      messages,
      usageDays,
      rows,
      finishing,
      runner,
      recovery,
      events,
      transcript,
      generations,
      wholeTurns,
      idle,
    };
  }

  async function person(roles: ('admin' | 'user' | 'viewer')[] = ['user']) {
    const id = randomUUID();
    await database.rows(
      `INSERT INTO users (id, tenant_id, object_id, display_name, created_at, updated_at)
       VALUES ($1, $2, $3, 'Somebody', now(), now())`,
      [id, randomUUID(), randomUUID()],
    );
    return { userId: id, sessionId: randomUUID(), roles, permissions: ['chat.read', 'chat.use'] as const };
  }

  return { database, dataSource, clock, startProcess, person, close };
}

export type OpenChat = Awaited<ReturnType<typeof openChat>>;
export type ChatProcess = ReturnType<OpenChat['startProcess']>;

export const question = (content: string, more: { parentId?: string | null; model?: string } = {}) => ({
  content,
  clientMessageId: randomUUID(),
  ...more,
});
