'use client';

import { useState } from 'react';
import { useMay } from '../../../../lib/session.ts';
import { AdminPage } from '../../shell/admin-page.tsx';
import { useAuditAddress } from '../use-audit-address.ts';
import { AuditFilters } from './audit-filters.tsx';
import { AuditList } from './audit-list.tsx';
import { EntryDialog } from './entry-dialog.tsx';
import { ExportMenu } from './export-menu.tsx';
import { VerifyPanel } from './verify-panel.tsx';

export function AuditScreen() {
  const { filter, change, entry, open } = useAuditAddress();
  const mayExport = useMay('audit.export');
  const [live, setLive] = useState(false);
  return (
    <AdminPage
      title="Audit"
      about="Who did what, and when. Nobody can change what stands here, and a change would show."
      actions={mayExport && <ExportMenu filter={filter} />}
    >
      <VerifyPanel />
      <AuditFilters filter={filter} onChange={change} />
      <AuditList filter={filter} onChange={change} onOpen={open} live={live} onLive={setLive} />
      <EntryDialog sequence={entry} onClose={() => open(null)} />
    </AdminPage>
  );
}
