'use client';

import { clsx } from 'clsx';
import {
  ChartNoAxesCombined,
  KeyRound,
  type LucideIcon,
  MonitorSmartphone,
  ScrollText,
  UsersRound,
} from 'lucide-react';
import Link from 'next/link';
import type { AdminHref, sectionsFor } from '../../../lib/admin-sections.ts';

const icons: Readonly<Record<AdminHref, LucideIcon>> = {
  '/admin': ChartNoAxesCombined,
  '/admin/people': UsersRound,
  '/admin/sessions': MonitorSmartphone,
  '/admin/audit': ScrollText,
  '/admin/role-mapping': KeyRound,
};

const bringIntoView = (entry: HTMLAnchorElement | null): void =>
  entry?.scrollIntoView({ block: 'nearest', inline: 'center' });

interface AdminNavigationProps {
  sections: ReturnType<typeof sectionsFor>;
  currentHref: string | undefined;
}

/** A column at the side; on a narrow screen a row that scrolls. */
export function AdminNavigation({ sections, currentHref }: AdminNavigationProps) {
  return (
    <nav
      aria-label="Administration"
      className="sticky top-14 z-20 border-b bg-sidebar text-sidebar-foreground md:h-[calc(100dvh-3.5rem)] md:border-r md:border-b-0"
    >
      <ul className="flex gap-1 overflow-x-auto p-2 md:flex-col md:p-3">
        {sections.map(({ href, label }) => {
          const isCurrent = href === currentHref;
          const Icon = icons[href as AdminHref];
          return (
            <li key={href} className="shrink-0">
              <Link
                ref={isCurrent ? bringIntoView : null}
                href={href}
                prefetch={false}
                aria-current={isCurrent ? 'page' : undefined}
                className={clsx(
                  'flex items-center gap-2.5 rounded-lg px-3 py-2 text-sm outline-none focus-visible:ring-2 focus-visible:ring-ring',
                  isCurrent
                    ? 'bg-accent font-semibold text-accent-foreground'
                    : 'text-muted-foreground hover:bg-accent/60 hover:text-foreground',
                )}
              >
                <Icon aria-hidden className="size-4 shrink-0" />
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
