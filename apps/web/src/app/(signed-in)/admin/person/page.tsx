import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PersonScreen, PersonSkeleton } from '../../../../features/admin/person/components/person-screen.tsx';

export const metadata: Metadata = { title: 'Person' };

export default function PersonPage() {
  return (
    <Suspense fallback={<PersonSkeleton />}>
      <PersonScreen />
    </Suspense>
  );
}
