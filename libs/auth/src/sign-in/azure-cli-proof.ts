import { type AzureCli, cliGraphScope } from '../azure-cli/azure-cli.ts';
import { CliFailure } from '../azure-cli/cli-failure.ts';
import { classOfCliFailure } from '../vault/credential-source.ts';
import type { NewCredentials } from '../vault/token-vault.ts';

/** What a finished `az login` has to show. Sealed into the attempt until its browser comes for it. */
export interface AzureCliProof {
  /** As `az ad signed-in-user show` says. */
  signedInUserId: string;
  graphToken: string;
  openAiToken: NewCredentials['token'];
}

/** Throws CliFailure. */
export async function gatherProof(
  cli: AzureCli,
  folder: string,
  openAiScope: string,
): Promise<AzureCliProof> {
  const signedInUserId = await cli.signedInUserId(folder);
  const { accessToken: graphToken } = await cli.token(folder, cliGraphScope);
  // Without it the person still gets in and is told what is missing.
  const openAiToken = await cli.token(folder, openAiScope).catch((error: unknown) => {
    if (!(error instanceof CliFailure)) throw error;
    return classOfCliFailure[error.reason];
  });
  return { signedInUserId, graphToken, openAiToken };
}

/** From the JSON that it was kept as. */
export function readProof(text: string): AzureCliProof {
  return JSON.parse(text, (name, value: unknown) =>
    name === 'expiresAt' ? new Date(value as string) : value,
  ) as AzureCliProof;
}
