'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ThemeMenu } from '../../../components/theme-menu.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { useLiveSession } from '../../../lib/live-session.ts';
import { AccountMenu } from './account-menu.tsx';

interface AccountFrameProps {
  title: string;
  back: { href: string; label: string };
  children: ReactNode;
}

/** What the pages about one's own account share. */
export function AccountFrame({ title, back, children }: AccountFrameProps) {
  useLiveSession();
  return (
    <>
      <header className="flex h-14 items-center gap-1.5 border-b px-3 md:px-4">
        <Button asChild variant="ghost" size="sm" className="mr-auto">
          <Link href={back.href}>
            <ArrowLeft /> {back.label}
          </Link>
        </Button>
        <ThemeMenu />
        <AccountMenu />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-3xl px-4 py-8 outline-none">
        <h1 className="mb-5 text-2xl font-semibold tracking-tight">{title}</h1>
        {children}
      </main>
    </>
  );
}
