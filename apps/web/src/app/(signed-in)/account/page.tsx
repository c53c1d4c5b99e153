import { ArrowLeft } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { ThemeMenu } from '../../../components/theme-menu.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { AccountDetails, AccountSkeleton } from '../../../features/account/components/account-details.tsx';
import { AccountMenu } from '../../../features/account/components/account-menu.tsx';
import { SessionGate } from '../../../features/auth/components/session-gate.tsx';

export const metadata: Metadata = { title: 'Account' };

export default function AccountPage() {
  return (
    <SessionGate loading={<AccountSkeleton />}>
      <header className="flex h-14 items-center gap-1.5 border-b px-3 md:px-4">
        <Button asChild variant="ghost" size="sm" className="mr-auto">
          <Link href="/">
            <ArrowLeft /> Back to chat
          </Link>
        </Button>
        <ThemeMenu />
        <AccountMenu />
      </header>
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-3xl px-4 py-8 outline-none">
        <h1 className="mb-5 text-2xl font-semibold tracking-tight">Account</h1>
        <AccountDetails />
      </main>
    </SessionGate>
  );
}
