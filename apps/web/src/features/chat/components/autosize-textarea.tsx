'use client';

import { type ComponentProps, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { clsx } from 'clsx';

/** As tall as its text, up to the height that its class name allows. */
export function AutosizeTextarea({ className, ref, ...props }: ComponentProps<'textarea'>) {
  const field = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => field.current as HTMLTextAreaElement);
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  });
  return (
    <textarea
      ref={field}
      rows={1}
      className={clsx(
        'block max-h-[40dvh] w-full resize-none overflow-y-auto bg-transparent text-base leading-relaxed outline-none placeholder:text-muted-foreground',
        className,
      )}
      {...props}
    />
  );
}
