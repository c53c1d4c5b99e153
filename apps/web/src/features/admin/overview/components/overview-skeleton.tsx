import { Skeleton } from '../../../../components/ui/skeleton.tsx';

export function OverviewSkeleton() {
  return (
    <section aria-label="Loading the figures" aria-busy className="grid gap-5">
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {['people', 'sessions', 'sign-ins', 'tokens'].map((figure) => (
          <Skeleton key={figure} shape="rounded-2xl" className="h-24" />
        ))}
      </div>
      {['first', 'second'].map((chart) => (
        <Skeleton key={chart} shape="rounded-2xl" className="h-80" />
      ))}
    </section>
  );
}
