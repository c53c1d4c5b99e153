import Link from 'next/link';
import { Button } from '../../../components/ui/button.tsx';
import type { sectionsFor } from '../../../lib/admin-sections.ts';

interface RefusedProps {
  section: string;
  /** What the person may open instead. */
  allowed: ReturnType<typeof sectionsFor>;
}

export function Refused({ section, allowed }: RefusedProps) {
  const [other] = allowed;
  return (
    <div className="mx-auto grid max-w-md justify-items-start gap-4 py-12">
      <h1 className="text-2xl font-semibold tracking-tight">This is not open to you</h1>
      <p className="text-muted-foreground">
        {other
          ? `Your roles do not include “${section}”. An administrator can change that.`
          : 'Only administrators and auditors may look in here. If you should be one of them, ask an administrator.'}
      </p>
      <Button asChild>
        {other ? <Link href={other.href}>Go to {other.label}</Link> : <Link href="/">Go to the chat</Link>}
      </Button>
    </div>
  );
}
