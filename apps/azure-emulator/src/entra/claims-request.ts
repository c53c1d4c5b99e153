import { z } from 'zod';
import { refuse } from './errors.ts';

/** The OpenID Connect `claims` parameter, as Entra uses it: client capabilities and claims challenges. */
export interface ClaimsRequest {
  /** The client declared `cp1`: it can handle a claims challenge. */
  handlesChallenges: boolean;
  /** Authentication contexts to be fulfilled. */
  contexts: string[];
  /** The person has to prove themselves anew, whatever session there is. */
  needsSecondStep: boolean;
}

const claim = z
  .looseObject({ value: z.unknown().optional(), values: z.array(z.unknown()).optional() })
  .nullable();
const schema = z.looseObject({ access_token: z.record(z.string(), claim).optional() });

export function readClaimsRequest(parameter: string | undefined): ClaimsRequest {
  const { xms_cc: capabilities, acrs, ...others } = parse(parameter).access_token ?? {};
  const contexts = [acrs?.value, ...(acrs?.values ?? [])].filter((value) => typeof value === 'string');
  return {
    handlesChallenges: capabilities?.values?.includes('cp1') ?? false,
    contexts,
    needsSecondStep: contexts.length > 0 || Object.keys(others).length > 0,
  };
}

function parse(parameter: string | undefined): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(parameter || '{}'));
  } catch {
    throw refuse('claimsMalformed');
  }
}
