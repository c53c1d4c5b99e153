'use client';

import { useEffect, useState } from 'react';
import { TextField } from '../../../../components/ui/field.tsx';

const typingPauseMs = 300;

interface TypedFieldProps {
  label: string;
  placeholder: string;
  className: string;
  value: string;
  onSettled: (value: string) => void;
}

/** Takes effect when one pauses to type, or at once with Enter. */
export function TypedField({ label, placeholder, className, value, onSettled }: TypedFieldProps) {
  const [text, setText] = useState(value);
  // Changed from elsewhere: the filter was cleared, or somebody went back.
  useEffect(() => setText((typed) => (typed.trim() === value ? typed : value)), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSettled(text.trim()), typingPauseMs);
    return () => clearTimeout(timer);
    // Only typing starts the wait: `value` follows it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return (
    <TextField
      label={label}
      type="search"
      placeholder={placeholder}
      maxLength={200}
      className={className}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onKeyDown={({ key }) => key === 'Enter' && onSettled(text.trim())}
    />
  );
}
