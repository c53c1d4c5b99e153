import { Skeleton } from '../../../components/ui/skeleton.tsx';

export function MessagesSkeleton() {
  return (
    <section
      aria-busy
      aria-label="Loading messages"
      className="mx-auto grid w-full max-w-3xl flex-1 content-start gap-6 px-4 py-6"
    >
      {[0, 1].map((turn) => (
        <div key={turn} className="grid gap-4">
          <Skeleton shape="rounded-2xl" className="ml-auto h-11 w-1/2" />
          <Skeleton className="h-4 w-11/12" />
          <Skeleton className="h-4 w-10/12" />
          <Skeleton className="h-4 w-7/12" />
        </div>
      ))}
    </section>
  );
}

export function ConversationsSkeleton() {
  return (
    <section aria-busy aria-label="Loading conversations" className="grid gap-2 p-3">
      {[70, 85, 55, 75, 60].map((width) => (
        <Skeleton key={width} className="h-8" style={{ width: `${width}%` }} />
      ))}
    </section>
  );
}

/** The frame of the screen before anything is known, so that nothing jumps when it is. */
export function ChatSkeleton() {
  return (
    <div className="flex h-dvh" aria-busy>
      <div className="hidden w-72 border-r bg-sidebar md:block">
        <div className="h-14 border-b" />
        <ConversationsSkeleton />
      </div>
      <div className="flex flex-1 flex-col">
        <div className="flex h-14 items-center justify-between border-b px-4">
          <Skeleton className="h-5 w-40" />
          <Skeleton shape="rounded-full" className="size-8" />
        </div>
        <div className="flex-1" />
        <div className="mx-auto w-full max-w-3xl p-4">
          <Skeleton shape="rounded-2xl" className="h-13" />
        </div>
      </div>
    </div>
  );
}
