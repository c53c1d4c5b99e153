import { AuditConfig, auditEnvironment } from '#audit';
import { AuthConfig, authEnvironment, readAzureCli, readClientCertificate } from '#auth';
import { ChatConfig, chatEnvironment } from '#chat';
import {
  EnvironmentError,
  type EnvironmentFault,
  type EnvironmentSlice,
  platformEnvironment,
  readSlice,
} from '#platform';
import { describeSettings } from './configuration-entry.ts';
import { readTelemetry, type TelemetrySettings } from './telemetry/telemetry-settings.ts';

export const environmentSlices = [
  platformEnvironment,
  auditEnvironment,
  authEnvironment,
  chatEnvironment,
] as unknown as EnvironmentSlice[];

const declared = environmentSlices.flatMap(({ variables }) => Object.keys(variables.shape));

export interface AppConfig {
  server: ReturnType<typeof platformEnvironment.variables.parse>;
  audit: AuditConfig;
  auth: AuthConfig;
  chat: ChatConfig;
  telemetry: TelemetrySettings;
  /** What was set, as the audit log may know it. */
  settings: Record<string, string>;
}

/** Everything the API is told from outside. Throws EnvironmentError with every fault at once. */
export async function readConfig(source: Readonly<Record<string, string | undefined>>): Promise<AppConfig> {
  const faults: EnvironmentFault[] = [];
  const server = readSlice(platformEnvironment, source, faults);
  const audit = readSlice(auditEnvironment, source, faults);
  const auth = readSlice(authEnvironment, source, faults);
  const chat = readSlice(chatEnvironment, source, faults);
  const certificate = readClientCertificate(auth.AZURE_CLIENT_CERTIFICATE_PATH, faults);
  const azureCli = await readAzureCli(auth, source, faults);
  const telemetry = readTelemetry(source, faults);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return {
    server,
    audit: new AuditConfig(audit),
    auth: new AuthConfig(auth, server.PUBLIC_URL, certificate, azureCli),
    chat: new ChatConfig(chat),
    telemetry,
    settings: describeSettings(declared, source),
  };
}
