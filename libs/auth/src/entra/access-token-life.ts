/** No access token of Entra's lives longer, whatever a tenant has configured; one that does is not taken. */
export const longestTokenSeconds = 48 * 3600;
