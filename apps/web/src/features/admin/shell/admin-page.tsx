import type { ReactNode } from 'react';

interface AdminPageProps {
  title: string;
  about?: ReactNode;
  /** At the right of the title, under it on a narrow screen. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One page of the administration: its heading, and what it shows. */
export function AdminPage({ title, about, actions, children }: AdminPageProps) {
  return (
    <>
      <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-2xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
          {about !== undefined && <p className="mt-1 text-sm text-muted-foreground">{about}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </>
  );
}
