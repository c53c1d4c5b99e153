const shared = new Set(['common', 'organizations']);

/** The Azure CLI signs in at one tenant: AZURE_TENANT_ID, or the only one of ALLOWED_TENANTS; null where there are several. */
export function oneTenant(values: {
  AZURE_TENANT_ID?: string | undefined;
  ALLOWED_TENANTS?: readonly string[] | undefined;
}): string | null {
  const { AZURE_TENANT_ID: tenant, ALLOWED_TENANTS: [only, ...more] = [] } = values;
  if (tenant !== undefined && !shared.has(tenant)) return tenant.toLowerCase();
  return only !== undefined && more.length === 0 ? only.toLowerCase() : null;
}
