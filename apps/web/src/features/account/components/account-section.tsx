import type { ReactNode } from 'react';

interface AccountSectionProps {
  title: string;
  about: string;
  /** Beside the title. */
  badge?: ReactNode;
  children: ReactNode;
}

export function AccountSection({ title, about, badge, children }: AccountSectionProps) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  return (
    <section aria-labelledby={id} className="rounded-2xl border bg-card p-5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {badge}
      </div>
      <p className="mt-0.5 text-sm text-muted-foreground">{about}</p>
      <div className="mt-4 grid gap-4 text-sm">{children}</div>
    </section>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid gap-3">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-0.5 sm:grid-cols-[11rem_1fr]">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}
