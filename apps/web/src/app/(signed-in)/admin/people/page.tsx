import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PeopleScreen, PeopleSkeleton } from '../../../../features/admin/people/components/people-screen.tsx';
import { AdminPage } from '../../../../features/admin/shell/admin-page.tsx';

export const metadata: Metadata = { title: 'People' };

export default function PeoplePage() {
  return (
    <AdminPage title="People" about="Everybody who has ever signed in.">
      <Suspense fallback={<PeopleSkeleton />}>
        <PeopleScreen />
      </Suspense>
    </AdminPage>
  );
}
