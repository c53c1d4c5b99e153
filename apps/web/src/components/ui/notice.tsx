import { type VariantProps, cva } from 'class-variance-authority';
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { clsx } from 'clsx';

const noticeVariants = cva('flex gap-3 rounded-xl border px-4 py-3 text-sm leading-relaxed', {
  variants: {
    tone: {
      info: 'bg-muted/60 [&>svg]:text-primary',
      warning: 'border-warning/35 bg-warning-surface [&>svg]:text-warning',
      error: 'border-destructive/35 bg-destructive/6 [&>svg]:text-destructive',
    },
  },
  defaultVariants: { tone: 'info' },
});

const roles = { now: 'alert', politely: 'status' } as const;
const icons = { info: Info, warning: TriangleAlert, error: CircleAlert };

interface NoticeProps extends VariantProps<typeof noticeVariants> {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
  /** To a screen reader, when it appears later than the page. */
  announce?: 'now' | 'politely';
}

export function Notice({ tone, title, children, actions, className, announce }: NoticeProps) {
  const Icon = icons[tone ?? 'info'];
  return (
    <div role={announce && roles[announce]} className={clsx(noticeVariants({ tone }), className)}>
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children !== undefined && <div className="text-muted-foreground">{children}</div>}
        {actions != null && actions !== false && <div className="mt-3 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
