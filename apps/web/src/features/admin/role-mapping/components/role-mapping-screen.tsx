'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNotice } from '../../../../components/problem-notice.tsx';
import { Skeleton } from '../../../../components/ui/skeleton.tsx';
import { AdminPage } from '../../shell/admin-page.tsx';
import { roleMappingsQuery } from '../api/get-role-mappings.ts';
import { PersonRolesPanel } from './person-roles-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { SimulatorPanel } from './simulator-panel.tsx';
import type { Seen } from './why-these-roles.tsx';

export function RoleMappingScreen() {
  const [tried, setTried] = useState<Seen | null>(null);
  const { data: rules, error, refetch } = useQuery(roleMappingsQuery);
  return (
    <AdminPage
      title="Role mapping"
      about="Which group in Entra gives which role here, and what somebody would get."
    >
      {rules === undefined && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {rules === undefined && !error && (
        <section aria-label="Loading the rules" aria-busy className="grid gap-5">
          <Skeleton shape="rounded-2xl" className="h-56" />
          <Skeleton shape="rounded-2xl" className="h-72" />
        </section>
      )}
      {rules !== undefined && (
        <div className="grid gap-5 lg:grid-cols-2">
          <div className="min-w-0 lg:col-span-2">
            <RulesPanel rules={rules} />
          </div>
          {/* Anew for each person: what was typed before is gone. */}
          <SimulatorPanel key={tried ? tried.seenAt + tried.groups.join() : ''} rules={rules} tried={tried} />
          <PersonRolesPanel onUse={setTried} />
        </div>
      )}
    </AdminPage>
  );
}
