import type { Metadata } from 'next';
import { AccountDetails, AccountSkeleton } from '../../../features/account/components/account-details.tsx';
import { AccountFrame } from '../../../features/account/components/account-frame.tsx';
import { SessionGate } from '../../../features/auth/components/session-gate.tsx';

export const metadata: Metadata = { title: 'Account' };

export default function AccountPage() {
  return (
    <SessionGate loading={<AccountSkeleton />}>
      <AccountFrame title="Account" back={{ href: '/', label: 'Back to chat' }}>
        <AccountDetails />
      </AccountFrame>
    </SessionGate>
  );
}
