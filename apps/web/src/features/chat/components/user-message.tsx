'use client';

import { Pencil } from 'lucide-react';
import { type ReactNode, memo, useState } from 'react';
import type { Message } from '#contracts';
import { CopyButton } from '../../../components/copy-button.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { AutosizeTextarea } from './autosize-textarea.tsx';
import { isSendKey } from './send-key.ts';
import { VersionSwitch } from './version-switch.tsx';

function focusEnd(field: HTMLTextAreaElement | null): void {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

interface UserMessageProps {
  message: Message;
  versions: readonly string[];
  onChoose: (message: Message, version: string) => void;
  /** Null while nothing may be sent. */
  onEdit: ((message: Message, content: string) => void) | null;
}

export const UserMessage = memo(function UserMessage({
  message,
  versions,
  onChoose,
  onEdit,
}: UserMessageProps) {
  const [editing, setEditing] = useState(false);
  if (editing && onEdit !== null) {
    return (
      <EditForm
        text={message.content}
        onCancel={() => setEditing(false)}
        onSend={(content) => {
          setEditing(false);
          onEdit(message, content);
        }}
      />
    );
  }
  return (
    <UserBubble text={message.content}>
      <VersionSwitch versions={versions} current={message.id} onChoose={(id) => onChoose(message, id)} />
      <div className="flex opacity-0 transition-opacity group-focus-within/message:opacity-100 group-hover/message:opacity-100 pointer-coarse:opacity-100">
        <CopyButton text={message.content} label="Copy message" className="text-muted-foreground" />
        {onEdit !== null && (
          <Button
            variant="ghost"
            size="icon-sm"
            className="text-muted-foreground"
            aria-label="Edit message"
            title="Edit message"
            onClick={() => setEditing(true)}
          >
            <Pencil />
          </Button>
        )}
      </div>
    </UserBubble>
  );
});

export function UserBubble({
  text,
  dimmed = false,
  children,
}: {
  text: string;
  dimmed?: boolean;
  children?: ReactNode;
}) {
  return (
    <article aria-label="You said" className="group/message flex flex-col items-end gap-0.5">
      <div
        className={`max-w-[85%] rounded-2xl rounded-br-md bg-bubble px-4 py-2.5 leading-relaxed wrap-anywhere whitespace-pre-wrap transition-opacity ${dimmed ? 'opacity-60' : ''}`}
      >
        {text}
      </div>
      <div className="flex min-h-8 items-center">{children}</div>
    </article>
  );
}

function EditForm({
  text,
  onCancel,
  onSend,
}: {
  text: string;
  onCancel: () => void;
  onSend: (text: string) => void;
}) {
  const [content, setContent] = useState(text);
  const sendable = content.trim() !== '' && content !== text;
  return (
    <form
      aria-label="Edit message"
      className="ml-auto grid w-full gap-2 rounded-2xl border bg-card p-3 focus-within:border-ring sm:w-[85%]"
      onSubmit={(event) => {
        event.preventDefault();
        if (sendable) onSend(content);
      }}
    >
      <AutosizeTextarea
        ref={focusEnd}
        aria-label="Edited message"
        value={content}
        onChange={(event) => setContent(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onCancel();
          if (!isSendKey(event.nativeEvent)) return;
          event.preventDefault();
          if (sendable) onSend(content);
        }}
      />
      <div className="flex items-center justify-end gap-2">
        <p className="mr-auto hidden text-xs text-muted-foreground sm:block">The earlier version is kept.</p>
        <Button variant="ghost" size="sm" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="sm" disabled={!sendable}>
          Send
        </Button>
      </div>
    </form>
  );
}
