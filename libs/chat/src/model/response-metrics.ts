import { Counter, type Registry } from 'prom-client';
import type { Fetch } from '#platform';

/** The same door, counting what Azure OpenAI answers. */
export function countResponses(registry: Registry, fetch: Fetch): Fetch {
  const responses = new Counter({
    name: 'entrada_azure_openai_responses_total',
    help: 'Answers of Azure OpenAI by status; `none` where no answer came, also because the person stopped it.',
    labelNames: ['status'],
    registers: [registry],
  });
  return async (...request) => {
    try {
      const response = await fetch(...request);
      responses.inc({ status: String(response.status) });
      return response;
    } catch (error) {
      responses.inc({ status: 'none' });
      throw error;
    }
  };
}
