'use client';

import { ArrowUp, Square } from 'lucide-react';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { maxMessageLength } from '#contracts';
import { Button } from '../../../components/ui/button.tsx';
import { keepDraft, readDraft } from '../draft.ts';
import { AutosizeTextarea } from './autosize-textarea.tsx';
import { isSendKey } from './send-key.ts';

export interface ComposerHandle {
  /** Puts text into the box and the cursor behind it. */
  write: (text: string) => void;
}

interface ComposerProps {
  /** Whose draft this is. */
  place: string;
  /** Why nothing can be sent just now. */
  blocked: 'sending' | 'unsent' | null;
  answering: boolean;
  stopping: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
  ref?: Ref<ComposerHandle>;
}

const hintFrom = maxMessageLength * 0.9;

export function Composer({ place, blocked, answering, stopping, onSend, onStop, ref }: ComposerProps) {
  const [held, setHeld] = useState(() => ({ place, text: readDraft(place) }));
  if (held.place !== place) setHeld({ place, text: readDraft(place) });
  const field = useRef<HTMLTextAreaElement>(null);

  const focusedFor = useRef<string>(undefined);
  useEffect(() => {
    if (focusedFor.current === place) return;
    focusedFor.current = place;
    // On a touch screen the keyboard would cover the conversation that was just opened.
    if (!window.matchMedia('(pointer: coarse)').matches) field.current?.focus();
  }, [place]);

  const write = (text: string): void => {
    setHeld({ place, text });
    keepDraft(place, text);
  };
  useImperativeHandle(ref, () => ({
    write(text) {
      write(text);
      field.current?.focus();
    },
  }));

  const tooLong = held.text.length > maxMessageLength;
  const sendable = held.text.trim() !== '' && !tooLong && blocked === null && !answering;
  const send = (): void => {
    if (!sendable) return;
    onSend(held.text);
    write('');
    field.current?.focus();
  };

  return (
    <form
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="flex items-end gap-2 rounded-2xl border border-input bg-card p-2 pl-4 shadow-sm transition-colors focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/25">
        <AutosizeTextarea
          ref={field}
          className="py-1.5"
          aria-label="Message"
          aria-describedby="composer-hint"
          aria-invalid={tooLong}
          placeholder="Write a message…"
          enterKeyHint="send"
          value={held.text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (!isSendKey(event.nativeEvent)) return;
            event.preventDefault();
            send();
          }}
        />
        {answering ? (
          <Button
            size="icon"
            variant="secondary"
            shape="soft"
            aria-label="Stop"
            title="Stop the answer"
            aria-disabled={stopping}
            onClick={() => !stopping && onStop()}
          >
            <Square className="fill-current" />
          </Button>
        ) : (
          <Button
            type="submit"
            size="icon"
            shape="soft"
            aria-label="Send"
            title="Send"
            aria-disabled={!sendable}
          >
            <ArrowUp />
          </Button>
        )}
      </div>
      <Hint length={held.text.length} tooLong={tooLong} unsent={blocked === 'unsent'} />
    </form>
  );
}

function Hint({ length, tooLong, unsent }: { length: number; tooLong: boolean; unsent: boolean }) {
  if (unsent) {
    return (
      <output id="composer-hint" className="mt-2 block text-center text-xs text-muted-foreground">
        Send or edit the message above first.
      </output>
    );
  }
  if (length < hintFrom) {
    return (
      <p id="composer-hint" className="mt-2 text-center text-xs text-muted-foreground">
        <span className="hidden pointer-fine:inline">Enter sends, Shift+Enter starts a new line. </span>
        Answers can be wrong: check what matters.
      </p>
    );
  }
  const counted = `${length.toLocaleString('en')} of ${maxMessageLength.toLocaleString('en')} characters`;
  return (
    <output
      id="composer-hint"
      className={`mt-2 block text-center text-xs ${tooLong ? 'font-medium text-destructive' : 'text-muted-foreground'}`}
    >
      {tooLong ? `Too long to send: ${counted}. Shorten it.` : counted}
    </output>
  );
}
