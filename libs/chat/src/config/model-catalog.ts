import { Injectable } from '@nestjs/common';
import type { Model } from '#contracts';
import { AppError } from '#platform';
import { ChatConfig } from './chat-config.ts';

/** The models that may be used. A name from outside is only ever compared with these. */
@Injectable()
export class ModelCatalog {
  constructor(private readonly config: ChatConfig) {}

  get items(): Model[] {
    return [...this.config.models];
  }

  /** The chosen model; without a choice the remembered one, as long as it is still offered, else the default. */
  resolve(chosen: string | undefined, remembered?: string): string {
    if (chosen === undefined)
      return remembered !== undefined && this.offers(remembered) ? remembered : this.config.defaultModel;
    if (this.offers(chosen)) return chosen;
    throw new AppError('validation_failed', {
      issues: [{ path: 'model', message: 'is not one of the offered models' }],
    });
  }

  private offers(id: string): boolean {
    return this.config.models.some((model) => model.id === id);
  }
}
