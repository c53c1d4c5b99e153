/** What the database and Azure's own log say when a soak is over. */
import { Client } from 'pg';
import { openDataSource } from '../../apps/api/src/database/data-source.ts';
import { parseHead, Verification } from '#audit';
import type { AuditVerification, MessageStatus } from '#contracts';
import { Database } from '#platform';
import type { AzureCall } from '../support/azure.ts';

export interface Stored {
  users: { id: string; person: string; displayName: string }[];
  sessions: {
    id: string;
    userId: string;
    isLive: boolean;
    revokedAt: number | null;
    revokedWhy: string | null;
  }[];
  conversations: { id: string; userId: string; title: string | null }[];
  messages: {
    id: string;
    conversationId: string;
    role: 'user' | 'assistant';
    content: string;
    status: MessageStatus;
    clientMessageId: string | null;
  }[];
  generations: {
    id: string;
    messageId: string;
    conversationId: string;
    userId: string;
    status: MessageStatus;
  }[];
  audit: { action: string; outcome: string; resourceId: string | null }[];
  verification: AuditVerification;
  calls: AzureCall[];
}

const query = {
  users: `SELECT id, split_part(email, '@', 1) AS person, display_name AS "displayName" FROM users`,
  sessions: `SELECT id, user_id AS "userId", revoked_why AS "revokedWhy",
      (extract(epoch FROM revoked_at) * 1000)::float AS "revokedAt",
      revoked_at IS NULL AND idle_expires_at > now() AS "isLive" FROM sessions`,
  conversations: 'SELECT id, user_id AS "userId", title FROM conversations',
  messages: `SELECT id, conversation_id AS "conversationId", role, content, status,
      client_message_id AS "clientMessageId" FROM messages`,
  generations: `SELECT id, message_id AS "messageId", conversation_id AS "conversationId",
      user_id AS "userId", status FROM generations`,
  audit: 'SELECT action, outcome, resource_id AS "resourceId" FROM audit_entries',
} as const;

/** `heads` were kept outside the database: lines of the API's log. */
export async function readStored(url: string, heads: readonly string[], calls: AzureCall[]): Promise<Stored> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const rows = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
  const stored = {
    users: await rows<Stored['users'][0]>(query.users),
    sessions: await rows<Stored['sessions'][0]>(query.sessions),
    conversations: await rows<Stored['conversations'][0]>(query.conversations),
    messages: await rows<Stored['messages'][0]>(query.messages),
    generations: await rows<Stored['generations'][0]>(query.generations),
    audit: await rows<Stored['audit'][0]>(query.audit),
  };
  await client.end();
  return { ...stored, verification: await verify(url, heads), calls };
}

async function verify(url: string, heads: readonly string[]): Promise<AuditVerification> {
  const dataSource = await openDataSource({ url, poolSize: 2, entities: [], onPoolError: () => undefined });
  const known = heads.map(parseHead).filter((head) => head !== null);
  try {
    return await new Verification(new Database(dataSource)).verify(known);
  } finally {
    await dataSource.destroy();
  }
}

export async function answersUnderWay(url: string): Promise<{ id: string; userId: string; ageMs: number }[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `SELECT id, user_id AS "userId", (extract(epoch FROM now() - created_at) * 1000)::float AS "ageMs"
     FROM generations WHERE status = 'streaming'`,
  );
  await client.end();
  return rows as { id: string; userId: string; ageMs: number }[];
}
