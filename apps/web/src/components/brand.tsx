import { product } from '../config/product.ts';
import { clsx } from 'clsx';

/** An open door in an arch: the way in. */
export function BrandMark({ size = 'size-7', className }: { size?: string; className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden className={clsx(size, className)}>
      <rect width="32" height="32" rx="8" className="fill-primary" />
      <path
        d="M9 25V14.5a7 7 0 0 1 14 0V25"
        className="stroke-primary-foreground"
        strokeWidth="2.25"
        strokeLinecap="round"
      />
      <path d="M13.5 25V15a2.5 2.5 0 0 1 2.5-2.5L19.5 15v10Z" className="fill-primary-foreground" />
      <path d="M7.5 25h17" className="stroke-primary-foreground" strokeWidth="2.25" strokeLinecap="round" />
    </svg>
  );
}

export function Brand({ className }: { className?: string }) {
  return (
    <span className={clsx('inline-flex items-center gap-2.5 font-semibold tracking-tight', className)}>
      <BrandMark />
      {product.name}
    </span>
  );
}
