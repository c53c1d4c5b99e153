import { Skeleton } from '../../../components/ui/skeleton.tsx';

export function AdminSkeleton() {
  return (
    <div aria-busy>
      <div className="h-14 border-b" />
      <section aria-label="Loading the administration" className="md:ml-[13.5rem]">
        <div className="mx-auto grid max-w-6xl gap-5 px-4 py-8 md:px-8">
          <Skeleton className="h-8 w-40" />
          <Skeleton shape="rounded-2xl" className="h-64" />
        </div>
      </section>
    </div>
  );
}
