import { join } from 'node:path';
import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants.js';

process.env.NEXT_TELEMETRY_DISABLED = '1';

const repositoryRoot = join(import.meta.dirname, '..', '..');

const shared: NextConfig = {
  agentRules: false,
  reactStrictMode: true,
  turbopack: { root: repositoryRoot },
};

/** In production the API serves the exported files itself, so only development needs a way to reach it. */
function development(api: string): NextConfig {
  return {
    ...shared,
    // Engine.IO's own path has no trailing slash here, and a redirect would break its upgrade.
    skipTrailingSlashRedirect: true,
    rewrites: async () => [
      { source: '/api/:path*', destination: `${api}/api/:path*` },
      { source: '/socket.io', destination: `${api}/socket.io` },
    ],
  };
}

export default function config(phase: string): NextConfig {
  if (phase === PHASE_DEVELOPMENT_SERVER) {
    return development(process.env.API_URL ?? 'http://127.0.0.1:3001');
  }
  return { ...shared, output: 'export' };
}
