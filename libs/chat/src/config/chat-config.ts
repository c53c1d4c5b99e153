import type { Model, Role } from '#contracts';
import type { ChatEnvironment } from './chat-environment.ts';

/** Chat's part of the configuration, as the code reads it; also its injection token. */
export class ChatConfig {
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly defaultModel: string;
  /** What may be chosen, each once, the default one among them. */
  readonly models: readonly Model[];
  /** Of one person. */
  readonly answersAtOnce: number;
  readonly dailyTokenQuota: Readonly<Partial<Record<Role, number>>>;

  constructor(values: ChatEnvironment) {
    const { AZURE_OPENAI_DEPLOYMENT: id, AZURE_OPENAI_DEPLOYMENTS: offered } = values;
    this.endpoint = values.AZURE_OPENAI_ENDPOINT;
    this.apiVersion = values.AZURE_OPENAI_API_VERSION;
    this.defaultModel = id;
    const distinct = [...new Map(offered.map((model) => [model.id, model])).values()];
    this.models = distinct.some((model) => model.id === id) ? distinct : [{ id, label: id }, ...distinct];
    this.answersAtOnce = values.ANSWERS_AT_ONCE;
    this.dailyTokenQuota = values.DAILY_TOKEN_QUOTA;
  }
}
