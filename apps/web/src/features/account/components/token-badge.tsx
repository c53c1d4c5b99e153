import type { AzureToken } from '#contracts';
import { Badge } from '../../../components/ui/badge.tsx';
import { clsx } from 'clsx';
import { tokenStates } from '../describe.ts';

const dots = { good: 'bg-success', soon: 'bg-warning', bad: 'bg-destructive' };

export function TokenBadge({ status }: { status: AzureToken['status'] }) {
  const { name, tone } = tokenStates[status];
  return (
    <Badge>
      <span aria-hidden className={clsx('size-2 rounded-full', dots[tone])} />
      {name}
    </Badge>
  );
}
