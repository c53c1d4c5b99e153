import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AuditScreen } from '../../../../features/admin/audit/components/audit-screen.tsx';
import { AdminPage } from '../../../../features/admin/shell/admin-page.tsx';

export const metadata: Metadata = { title: 'Audit' };

export default function AuditPage() {
  return (
    <Suspense fallback={<AdminPage title="Audit">{null}</AdminPage>}>
      <AuditScreen />
    </Suspense>
  );
}
