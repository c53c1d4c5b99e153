import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { permissions, permissionsOf, roles } from '#contracts';
import { createLogger, Public } from '#platform';
import {
  declaredHandlers,
  describeAccess,
  requireDeclaredAccess,
} from '../../apps/api/src/access-declared.ts';
import { readConfig } from '../../apps/api/src/config.ts';
import { createApp } from '../../apps/api/src/create-app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

@Controller('careless')
class CarelessController {
  @Get('open')
  @Public()
  open() {
    return 'on purpose';
  }

  @Get('silent')
  silent() {
    return 'by mistake';
  }
}

@Module({ controllers: [CarelessController] })
class CarelessModule {}

/** Who may call what: a changed right is a changed line here, and a new route a new line. */
describe('access', () => {
  let database: TestDatabase;
  let app: INestApplication;
  beforeAll(async () => {
    database = await createTestDatabase();
    const config = await readConfig({
      PUBLIC_URL: 'https://chat.example.test',
      DATABASE_URL: database.url,
      ENCRYPTION_KEYS: 'test:3q2+796tvu/erb7v3q2+796tvu/erb7vAQIDBAUGBwg=',
      AZURE_TENANT_ID: '11111111-1111-4111-8111-111111111111',
      AZURE_CLIENT_ID: '22222222-2222-4222-8222-222222222222',
      AZURE_CLIENT_SECRET: 'a-secret-of-no-value',
      AZURE_OPENAI_ENDPOINT: 'https://openai.example.test',
      AZURE_OPENAI_DEPLOYMENT: 'gpt',
    });
    app = await createApp(config, createLogger('silent'));
  });
  afterAll(async () => {
    await app.close();
    await database.close();
  });

  it('AUZ-01: of every route and every socket event is what was last agreed on', async () => {
    await expect(`${describeAccess(declaredHandlers(app)).join('\n')}\n`).toMatchFileSnapshot(
      'access/routes.txt',
    );
  });

  it('AUZ-01: of every role is what was last agreed on', async () => {
    const lines = roles.map((role) => {
      const held = permissionsOf([role]);
      return `${role.padEnd(8)} ${permissions.map((permission) => (held.includes(permission) ? permission : '-'.repeat(permission.length))).join(' ')}`;
    });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('access/roles.txt');
  });

  it('a handler that does not say who may call it keeps the application from starting', async () => {
    expect(() => requireDeclaredAccess(app)).not.toThrow();
    const careless = await NestFactory.create(CarelessModule, new FastifyAdapter(), { logger: false });
    expect(() => requireDeclaredAccess(careless)).toThrow(
      /do not say who may call them: GET \/careless\/silent$/,
    );
  });
});
