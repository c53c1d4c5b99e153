import { Dialog as Primitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import { clsx } from 'clsx';
import { overlayClass } from './dialog.tsx';

export const Drawer = Primitive.Root;

/** A panel from the left edge; `title` names it for a screen reader only. */
export function DrawerContent({
  title,
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.Content> & { title: string }) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayClass} />
      <Primitive.Content
        aria-describedby={undefined}
        className={clsx(
          'fixed inset-y-0 left-0 z-50 flex w-[min(20rem,85vw)] animate-slide-in flex-col border-r bg-sidebar text-sidebar-foreground shadow-xl outline-none',
          className,
        )}
        {...props}
      >
        <Primitive.Title className="sr-only">{title}</Primitive.Title>
        {children}
      </Primitive.Content>
    </Primitive.Portal>
  );
}
