import { z } from 'zod';

/** Port 0 lets the system choose. Every variable of the executable is an option of `startEmulator`, and the reverse. */
export interface EmulatorOptions {
  dataDir: string;
  host?: string;
  httpPort?: number;
  httpsPort?: number;
  proxyPort?: number;
  /** Where others find the two listeners, when it is not on this machine. */
  httpUrl?: string;
  httpsUrl?: string;
  redirectUris?: string[];
  logoutUrl?: string | null;
  clientId?: string;
  clientSecret?: string;
  /** PEM of the app's certificate; client assertions are then verified with it. */
  clientCertificate?: string | null;
}

export type EmulatorSettings = Required<Omit<EmulatorOptions, 'httpUrl' | 'httpsUrl'>> &
  Pick<EmulatorOptions, 'httpUrl' | 'httpsUrl'>;

export function withDefaults(options: EmulatorOptions): EmulatorSettings {
  return {
    host: '127.0.0.1',
    httpPort: 0,
    httpsPort: 0,
    proxyPort: 0,
    redirectUris: [
      'http://localhost:3000/api/auth/callback',
      'http://localhost:3000/login',
      'http://localhost:3000/',
    ],
    logoutUrl: null,
    clientId: '5a1e0000-e27a-4da0-8000-0000000c11e0',
    clientSecret: 'emulator-secret-of-no-value',
    clientCertificate: null,
    ...options,
  };
}

const port = z.coerce.number('must be a port number').int().min(0).max(65_535);

const environment = z
  .object({
    EMULATOR_HOST: z.string().optional(),
    EMULATOR_HTTP_PORT: port.default(4010),
    EMULATOR_HTTPS_PORT: port.default(4011),
    EMULATOR_PROXY_PORT: port.default(4012),
    EMULATOR_HTTP_URL: z.url().optional(),
    EMULATOR_HTTPS_URL: z.url().optional(),
    EMULATOR_DATA_DIR: z.string().min(1).default('./data/emulator'),
    EMULATOR_REDIRECT_URIS: z.string().optional(),
    EMULATOR_LOGOUT_URL: z.url().optional(),
  })
  .transform((variables) => ({
    host: variables.EMULATOR_HOST,
    httpPort: variables.EMULATOR_HTTP_PORT,
    httpsPort: variables.EMULATOR_HTTPS_PORT,
    proxyPort: variables.EMULATOR_PROXY_PORT,
    httpUrl: variables.EMULATOR_HTTP_URL,
    httpsUrl: variables.EMULATOR_HTTPS_URL,
    dataDir: variables.EMULATOR_DATA_DIR,
    redirectUris: variables.EMULATOR_REDIRECT_URIS?.split(',').map((uri) => uri.trim()),
    logoutUrl: variables.EMULATOR_LOGOUT_URL,
  }));

export function readEnvironment(variables: NodeJS.ProcessEnv): EmulatorOptions {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = environment.safeParse(given);
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The Azure emulator cannot start: ${faults.join('; ')}.`);
  }
  const set = Object.entries(result.data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as unknown as EmulatorOptions;
}
