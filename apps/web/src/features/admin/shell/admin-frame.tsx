'use client';

import { clsx } from 'clsx';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button } from '../../../components/ui/button.tsx';
import { sectionAt, sectionsFor } from '../../../lib/admin-sections.ts';
import { useSession } from '../../../lib/session.ts';
import { AdminNavigation } from './admin-navigation.tsx';
import { Refused } from './refused.tsx';

/**
 * What the pages of the administration share. A page whose right is missing is not drawn, so that it asks for nothing;
 * the API refuses in any case.
 * @param tools stand at the right of the header: theme and account.
 */
export function AdminFrame({ tools, children }: { tools: ReactNode; children: ReactNode }) {
  const { permissions } = useSession().user;
  const section = sectionAt(usePathname());
  const allowed = sectionsFor(permissions);
  const mayOpen = section === undefined || permissions.includes(section.permission);
  return (
    <>
      <header className="sticky top-0 z-30 flex h-14 items-center gap-1.5 border-b bg-background px-3 md:px-4">
        <Button asChild variant="ghost" size="sm">
          <Link href="/" prefetch={false}>
            <ArrowLeft /> Back to chat
          </Link>
        </Button>
        <span className="mr-auto hidden border-l pl-3 text-sm font-semibold sm:block">Administration</span>
        <span className="ml-auto flex items-center gap-1.5">{tools}</span>
      </header>
      <div className={clsx(allowed.length > 0 && 'md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]')}>
        {allowed.length > 0 && <AdminNavigation sections={allowed} currentHref={section?.href} />}
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl px-4 py-6 outline-none md:px-8 md:py-8"
        >
          {mayOpen ? children : <Refused section={section.label} allowed={allowed} />}
        </main>
      </div>
    </>
  );
}
