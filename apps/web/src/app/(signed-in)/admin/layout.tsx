import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { ThemeMenu } from '../../../components/theme-menu.tsx';
import { AccountMenu } from '../../../features/account/components/account-menu.tsx';
import { AdminFrame } from '../../../features/admin/shell/admin-frame.tsx';
import { AdminSkeleton } from '../../../features/admin/shell/admin-skeleton.tsx';
import { SessionGate } from '../../../features/auth/components/session-gate.tsx';

export const metadata: Metadata = { title: 'Administration' };

export default function AdminLayout({ children }: { children: ReactNode }) {
  return (
    <SessionGate loading={<AdminSkeleton />}>
      <AdminFrame
        tools={
          <>
            <ThemeMenu />
            <AccountMenu />
          </>
        }
      >
        {children}
      </AdminFrame>
    </SessionGate>
  );
}
