/** What the Azure CLI is run with; there where AUTH_METHODS names azure_cli. */
export interface AzureCliSettings {
  /** A folder that holds `az` and nothing else: AzureCliCredential knows the executable by that name only. */
  binDir: string;
  tenantId: string;
  /** Of our own environment these values and no others reach the Azure CLI. */
  environment: Readonly<Record<string, string>>;
}
