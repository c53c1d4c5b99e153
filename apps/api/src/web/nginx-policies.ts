/** Prints, for nginx, the Content-Security-Policy of each page of the built web app: the one the API itself would send. */
import { relative } from 'node:path';
import { contentSecurityPolicy, pagePolicies, siteFolder } from './static-site.ts';

const quoted = (text: string): string => `"${text}"`;

console.log(
  [
    'map $uri $page_policy {',
    `  default ${quoted(contentSecurityPolicy())};`,
    ...[...pagePolicies()].map(
      ([path, policy]) => `  ${quoted(`/${relative(siteFolder, path)}`)} ${quoted(policy)};`,
    ),
    '}',
  ].join('\n'),
);
