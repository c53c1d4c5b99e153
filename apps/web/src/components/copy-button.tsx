'use client';

import { Check, Copy } from 'lucide-react';
import { type ComponentProps, useEffect, useState } from 'react';
import { copyText } from '../lib/copy-text.ts';
import { Button } from './ui/button.tsx';

interface CopyButtonProps extends Omit<ComponentProps<typeof Button>, 'onClick' | 'children'> {
  text: string;
  label: string;
  showLabel?: boolean;
}

/** Says for two seconds that it worked, to the eye and to a screen reader; its own name stays. */
export function CopyButton({
  text,
  label,
  showLabel = false,
  variant = 'ghost',
  size,
  ...props
}: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async (): Promise<void> => setResult((await copyText(text)) ? 'copied' : 'refused');
  const spoken = result === 'copied' ? 'Copied' : result === 'refused' ? 'Copying was refused' : '';
  return (
    <>
      <Button
        variant={variant}
        size={size ?? (showLabel ? 'sm' : 'icon-sm')}
        aria-label={label}
        title={showLabel ? undefined : label}
        onClick={() => void copy()}
        {...props}
      >
        {result === 'copied' ? <Check className="text-success" /> : <Copy />}
        {showLabel && (result === 'copied' ? 'Copied' : result === 'refused' ? 'Refused' : 'Copy')}
      </Button>
      <output className="sr-only">{spoken}</output>
    </>
  );
}
