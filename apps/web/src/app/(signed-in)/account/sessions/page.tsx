import type { Metadata } from 'next';
import { AccountSkeleton } from '../../../../features/account/components/account-details.tsx';
import { AccountFrame } from '../../../../features/account/components/account-frame.tsx';
import { MySessions } from '../../../../features/account/components/my-sessions.tsx';
import { SessionGate } from '../../../../features/auth/components/session-gate.tsx';

export const metadata: Metadata = { title: 'Sessions and devices' };

export default function SessionsPage() {
  return (
    <SessionGate loading={<AccountSkeleton />}>
      <AccountFrame title="Sessions and devices" back={{ href: '/account', label: 'Account' }}>
        <p className="mb-4 text-sm text-muted-foreground">
          Where you are signed in. End a session that you do not recognise, then sign in again here.
        </p>
        <MySessions />
      </AccountFrame>
    </SessionGate>
  );
}
