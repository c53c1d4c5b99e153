import type { ComponentProps } from 'react';
import { clsx } from 'clsx';

export function Skeleton({
  className,
  shape = 'rounded-md',
  ...props
}: ComponentProps<'div'> & { shape?: string }) {
  return <div aria-hidden className={clsx('animate-pulse bg-muted', shape, className)} {...props} />;
}
