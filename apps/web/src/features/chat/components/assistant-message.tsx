'use client';

import { RotateCw } from 'lucide-react';
import { memo } from 'react';
import type { Message } from '#contracts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { plural, sayCountdown } from '../../../lib/format-time.ts';
import { problemOf } from '../../../lib/problem.ts';
import { useNow } from '../../../lib/use-now.ts';
import { useLiveAnswer } from '../live/chat-link.tsx';
import type { AnswerWait } from '../live/live-answer.ts';
import { AnswerText } from './answer-text.tsx';
import { Failure } from './failure.tsx';
import { VersionSwitch } from './version-switch.tsx';

interface AssistantMessageProps {
  message: Message;
  versions: readonly string[];
  modelLabel: string | null;
  onChoose: (message: Message, version: string) => void;
  /** Null while nothing may be written. */
  onRegenerate: ((message: Message) => void) | null;
}

export const AssistantMessage = memo(function AssistantMessage({
  message,
  versions,
  modelLabel,
  onChoose,
  onRegenerate,
}: AssistantMessageProps) {
  const live = useLiveAnswer(message.id);
  const streaming = message.status === 'streaming';
  const text = streaming && live !== null ? live.text : message.content;
  const regenerate = onRegenerate && (() => onRegenerate(message));
  return (
    <article aria-label="Answer" aria-busy={streaming} className="group/message flex min-w-0 flex-col gap-2">
      {/* For who goes from heading to heading: those that the model writes come below it. */}
      <h2 className="sr-only">Answer</h2>
      {text !== '' && <AnswerText text={text} streaming={streaming} />}
      {streaming && text === '' && <Thinking wait={live?.wait ?? null} />}
      <AnswerEnd message={message} onRetry={regenerate} />
      {!streaming && (
        <div className="flex min-h-8 flex-wrap items-center gap-x-1 gap-y-0.5 text-muted-foreground">
          {text !== '' && <CopyButton text={text} label="Copy answer" className="-ml-2" />}
          {regenerate !== null && message.status === 'done' && (
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Regenerate"
              title="Regenerate"
              onClick={regenerate}
            >
              <RotateCw />
            </Button>
          )}
          <VersionSwitch versions={versions} current={message.id} onChoose={(id) => onChoose(message, id)} />
          <AnswerFacts message={message} modelLabel={modelLabel} />
        </div>
      )}
    </article>
  );
});

function Thinking({ wait }: { wait: AnswerWait | null }) {
  return (
    <p className="flex min-h-7 items-center gap-2.5">
      <span aria-hidden className="flex shrink-0 gap-1.5">
        {[0, 150, 300].map((delay) => (
          <span
            key={delay}
            className="size-2 animate-pulse rounded-full bg-muted-foreground/60"
            style={{ animationDelay: `${delay}ms` }}
          />
        ))}
      </span>
      {wait === null ? (
        <span className="sr-only">The answer is being written</span>
      ) : (
        <PatienceAsked key={wait.until} wait={wait} />
      )}
    </p>
  );
}

/** Stop is where it always is while an answer is written. */
function PatienceAsked({ wait: { code, until } }: { wait: AnswerWait }) {
  const left = Math.max(0, until - useNow(1000));
  const next = left < 1000 ? 'Trying again.' : `Trying again in ${sayCountdown(left)}.`;
  return (
    <output className="text-sm text-muted-foreground tabular-nums">
      {problemOf(code).title}. <span aria-live="off">{next}</span>
    </output>
  );
}

function AnswerEnd({ message, onRetry }: { message: Message; onRetry: (() => void) | null }) {
  switch (message.status) {
    case 'stopped':
      return (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted-foreground">
          You stopped this answer.
          {onRetry !== null && (
            <Button variant="link" size="text" onClick={onRetry}>
              Try again
            </Button>
          )}
        </p>
      );
    case 'failed':
      return (
        <Failure
          error={message.error ?? problemOf('internal')}
          refused={{ place: message.conversationId, answerId: message.id }}
          since={message.createdAt}
          onRetry={onRetry}
        />
      );
    case 'interrupted': {
      const { title, detail } = message.error ?? problemOf('generation_interrupted');
      return (
        <Notice
          tone="warning"
          title={title}
          actions={
            onRetry && (
              <Button variant="outline" size="sm" onClick={onRetry}>
                <RotateCw /> Try again
              </Button>
            )
          }
        >
          {detail}
        </Notice>
      );
    }
    case 'done':
      if (message.truncated !== true) return null;
      return (
        <p className="text-sm text-muted-foreground">
          The answer reached the model&rsquo;s limit of length. Ask it to go on.
        </p>
      );
    case 'streaming':
      return null;
  }
}

function AnswerFacts({
  message: { usage, model },
  modelLabel,
}: {
  message: Message;
  modelLabel: string | null;
}) {
  const facts = [modelLabel ?? model, usage && `${plural(usage.totalTokens, 'token')}`].filter(
    (fact) => fact !== null,
  );
  if (facts.length === 0) return null;
  const spent = usage === null ? undefined : `${usage.inputTokens} in, ${usage.outputTokens} out`;
  return (
    <p className="ml-1 text-xs" title={spent}>
      {facts.join(' · ')}
    </p>
  );
}
