/**
 * A program: one token from AzureCliCredential. The credential runs `az` with the environment of its process and takes
 * none of its own, so this process has the environment of one person's folder and no other.
 */
import { AzureCliCredential } from '@azure/identity';

const [, , scope = '', tenantId = ''] = process.argv;
try {
  const { token, expiresOnTimestamp } = await new AzureCliCredential({ tenantId }).getToken(scope);
  process.stdout.write(JSON.stringify({ token, expiresOnTimestamp }));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : 'AzureCliCredential failed');
  process.exitCode = 1;
}
