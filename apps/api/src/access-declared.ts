import type { INestApplication } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModulesContainer } from '@nestjs/core';
import { type AccessRule, accessRuleOf, describeRule } from '#platform';

export interface DeclaredHandler {
  /** `GET api/auth/session`, or `event message:send`. */
  name: string;
  rule: AccessRule | undefined;
}

// Keys under which Nest keeps what its decorators say.
const pathKey = 'path';
const methodKey = 'method';
const eventKey = 'message';
const gatewayKey = 'websockets:is_gateway';
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD', 'SEARCH'];

/** Every handler of the application with the rule that it declares, sorted by name. */
export function declaredHandlers(app: INestApplication): DeclaredHandler[] {
  const discovery = new DiscoveryService(app.get(ModulesContainer));
  const scanner = new MetadataScanner();
  const wrappers = [
    ...discovery.getControllers(),
    ...discovery
      .getProviders()
      .filter(({ metatype }) => metatype && Reflect.hasMetadata(gatewayKey, metatype)),
  ];
  return wrappers
    .flatMap(({ metatype }) => {
      const type = metatype as { prototype: Record<string, object> };
      return scanner
        .getAllMethodNames(type.prototype)
        .map((method) => type.prototype[method] as object)
        .flatMap((handler) => namesOf(type, handler).map((name) => ({ name, rule: accessRuleOf(handler) })));
    })
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

function namesOf(type: object, handler: object): string[] {
  const event = Reflect.getMetadata(eventKey, handler) as string | undefined;
  if (event !== undefined && Reflect.hasMetadata('websockets:message_mapping', handler))
    return [`event ${event}`];
  const path = Reflect.getMetadata(pathKey, handler) as string | string[] | undefined;
  if (path === undefined) return [];
  const method = methods[Reflect.getMetadata(methodKey, handler) as number] ?? 'GET';
  const prefix = String(Reflect.getMetadata(pathKey, type) ?? '');
  return [path].flat().map(
    (one) =>
      `${method} /${[prefix, one]
        .map((part) => part.replace(/^\/|\/$/g, ''))
        .filter(Boolean)
        .join('/')}`,
  );
}

/** The second net: an application with a silent handler does not start. */
export function requireDeclaredAccess(app: INestApplication): void {
  const silent = declaredHandlers(app).filter(({ rule }) => !rule);
  if (silent.length > 0) {
    throw new Error(
      `These handlers do not say who may call them: ${silent.map(({ name }) => name).join(', ')}`,
    );
  }
}

export const describeAccess = (handlers: readonly DeclaredHandler[]): string[] =>
  handlers.map(({ name, rule }) => `${name} -> ${rule ? describeRule(rule) : 'UNDECLARED'}`);
