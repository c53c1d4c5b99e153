import type { Metadata } from 'next';
import { Suspense } from 'react';
import { OverviewScreen } from '../../../features/admin/overview/components/overview-screen.tsx';
import { OverviewSkeleton } from '../../../features/admin/overview/components/overview-skeleton.tsx';

export const metadata: Metadata = { title: 'Overview' };

export default function OverviewPage() {
  return (
    <Suspense fallback={<OverviewSkeleton />}>
      <OverviewScreen />
    </Suspense>
  );
}
