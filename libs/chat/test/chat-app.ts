/**
 * Chat as the application mounts it (Nest on Fastify, sockets, the global pipe, filter and interceptor), with Azure's
 * stand-in behind it. Who calls is simply said in a header: signing in is not chat's business.
 */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  Logger,
  StandardSchemaSerializerInterceptor,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { ScheduleModule } from '@nestjs/schedule';
import type { Server, ServerOptions } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { DataSource } from 'typeorm';
import { accessRuleOf, AppError, callCarrier, type Caller, PlatformModule, ProblemFilter } from '#platform';
import { openTestDatabase } from '../../../test/support/database.ts';
import { permissionsOf, type Role } from '#contracts';
import { AccessTokenSource, ChatConfig, chatEntities, ChatModule } from '../src/index.ts';
import { type AzureStandIn, startAzure } from './azure-stand-in.ts';
import { FakeTokens } from './fakes.ts';
import type { Wire } from './wire.ts';

const people = new Map<string, Caller>();

class SaidCaller implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const rule = accessRuleOf(context.getHandler());
    const carrier = callCarrier(context) as { caller?: Caller };
    if (context.getType() === 'http') {
      const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
      carrier.caller = people.get(headers['x-user'] ?? '');
    }
    if (!carrier.caller) throw new AppError('not_authenticated');
    if (rule?.kind !== 'permission' || !carrier.caller.permissions.includes(rule.permission))
      throw new AppError('forbidden');
    return true;
  }
}

class SaidCallerAdapter extends IoAdapter {
  override createIOServer(port: number, options?: ServerOptions): Server {
    const server = super.createIOServer(port, options) as Server;
    server.of('/chat').use((socket, next) => {
      const caller = people.get(String(socket.handshake.auth.user));
      socket.data = { caller };
      next(caller ? undefined : new Error('not_authenticated'));
    });
    return server;
  }
}

export async function startChatApp() {
  Logger.overrideLogger(false);
  const database = await openTestDatabase(chatEntities);
  const azure: AzureStandIn = await startAzure();
  const config = new ChatConfig({
    AZURE_OPENAI_ENDPOINT: azure.endpoint,
    AZURE_OPENAI_DEPLOYMENT: 'gpt-4o',
    AZURE_OPENAI_DEPLOYMENTS: [{ id: 'o3', label: 'o3' }],
    AZURE_OPENAI_API_VERSION: '2024-10-21',
    ANSWERS_AT_ONCE: 10,
    DAILY_TOKEN_QUOTA: {},
  });
  const dataSource = { provide: DataSource, useValue: database.dataSource };
  const storage: DynamicModule = {
    module: class Storage {},
    global: true,
    providers: [dataSource],
    exports: [dataSource],
  };
  const testApp: DynamicModule = {
    module: class TestApp {},
    imports: [
      storage,
      ScheduleModule.forRoot(),
      PlatformModule.forRoot({
        publicUrl: 'http://localhost',
        encryptionKeys: [{ id: 'k', key: Buffer.alloc(32, 7) }],
      }),
      ChatModule.forRoot({ config, accessTokenSource: { provide: AccessTokenSource, useClass: FakeTokens } }),
    ],
    providers: [
      { provide: APP_GUARD, useClass: SaidCaller },
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
      {
        provide: APP_PIPE,
        useValue: new StandardSchemaValidationPipe({
          exceptionFactory: () => new AppError('validation_failed'),
        }),
      },
    ],
  };

  const app = await NestFactory.create<NestFastifyApplication>(testApp, new FastifyAdapter(), {
    logger: false,
    abortOnError: false,
  });
  app.useWebSocketAdapter(new SaidCallerAdapter(app));
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  const sockets: Socket[] = [];

  async function person(...roles: Role[]) {
    const held = roles.length > 0 ? roles : (['user'] as const);
    const userId = randomUUID();
    await database.database.rows(
      `INSERT INTO users (id, tenant_id, object_id, display_name, created_at, updated_at)
       VALUES ($1, $2, $3, 'Somebody', now(), now())`,
      [userId, randomUUID(), randomUUID()],
    );
    const caller: Caller = { userId, sessionId: randomUUID(), roles: held, permissions: permissionsOf(held) };
    people.set(userId, caller);

    const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          'x-user': userId,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      });
    async function json(
      method: string,
      path: string,
      body?: unknown,
    ): Promise<{ status: number; body: Wire }> {
      const response = await call(method, path, body);
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : undefined };
    }
    async function socket() {
      const connected = io(`${url}/chat`, {
        auth: { user: userId },
        transports: ['websocket'],
        reconnection: false,
      });
      sockets.push(connected);
      const events: { name: string; payload: Wire }[] = [];
      connected.onAny((name: string, payload: unknown) => events.push({ name, payload }));
      await new Promise<void>((resolve, reject) =>
        connected.on('connect', resolve).on('connect_error', reject),
      );
      const ask = (name: string, ...sent: unknown[]): Promise<Wire> =>
        connected.timeout(20_000).emitWithAck(name, ...sent);
      return { events, ask, connection: connected };
    }
    return { userId, caller, call, json, socket };
  }

  return {
    app,
    url,
    azure,
    database: database.database,
    closeDatabase: () => database.close(),
    person,
    async close() {
      sockets.forEach((socket) => socket.disconnect());
      await app.close();
      await azure.close();
      await database.close();
    },
  };
}
export type ChatApp = Awaited<ReturnType<typeof startChatApp>>;
export type Person = Awaited<ReturnType<ChatApp['person']>>;

/** The events of a stream, as a client of the WHATWG format reads them; comments are left out. */
export async function readEvents(
  response: Response,
): Promise<{ id: string | undefined; event: string; data: Wire }[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((block) => block && !block.startsWith(':'))
    .map((block) => {
      const fields = Object.fromEntries(
        block
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      return { id: fields.id, event: fields.event ?? '', data: JSON.parse(fields.data ?? 'null') as Wire };
    });
}
