import { config } from 'zod';

// zod compiles object schemas with `new Function`; the policy forbids that and would report every attempt.
// This file runs before any page module, so before the first schema is built.
config({ jitless: true });
