import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Usage } from '#contracts';
import type { Outcome } from './outcome.ts';

/** What an operator watches of answers; docs/operations.md says when to worry. */
@Injectable()
export class GenerationMetrics {
  private readonly active: Gauge;
  private readonly ended: Counter<'outcome' | 'code'>;
  private readonly firstText: Histogram;
  private readonly duration: Histogram<'outcome'>;
  private readonly tokens: Counter<'model' | 'direction'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.active = new Gauge({
      name: 'entrada_generations_active',
      help: 'Answers that this process is writing.',
      registers,
    });
    this.ended = new Counter({
      name: 'entrada_generations_total',
      help: 'Answers by how they ended; `code` says what failed.',
      labelNames: ['outcome', 'code'],
      registers,
    });
    this.firstText = new Histogram({
      name: 'entrada_generation_first_text_seconds',
      help: 'From the beginning of an answer to its first text.',
      buckets: [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64],
      registers,
    });
    this.duration = new Histogram({
      name: 'entrada_generation_duration_seconds',
      help: 'From the beginning of an answer to its end.',
      labelNames: ['outcome'],
      buckets: [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      registers,
    });
    this.tokens = new Counter({
      name: 'entrada_model_tokens_total',
      help: 'Tokens as Azure OpenAI counted them; it does not for answers that were stopped or cut off.',
      labelNames: ['model', 'direction'],
      registers,
    });
  }

  begin(model: string): GenerationWatch {
    const begun = performance.now();
    const elapsed = () => (performance.now() - begun) / 1000;
    let hasText = false;
    this.active.inc();
    return {
      text: () => {
        if (!hasText) this.firstText.observe(elapsed());
        hasText = true;
      },
      end: (outcome, usage) => {
        const status = outcome?.status ?? 'lost';
        this.ended.inc({ outcome: status, code: outcome?.error?.code ?? '' });
        this.duration.observe({ outcome: status }, elapsed());
        if (!usage) return;
        this.tokens.inc({ model, direction: 'input' }, usage.inputTokens);
        this.tokens.inc({ model, direction: 'output' }, usage.outputTokens);
      },
      over: () => this.active.dec(),
    };
  }
}

export interface GenerationWatch {
  text(): void;
  /** Null: another process has it, or it was deleted. */
  end(outcome: Outcome | null, usage: Usage | null): void;
  /** Stored, or as far as it gets. */
  over(): void;
}
