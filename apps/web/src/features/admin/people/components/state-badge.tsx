import { clsx } from 'clsx';
import { Badge } from '../../../../components/ui/badge.tsx';

export function StateBadge({ isActive }: { isActive: boolean }) {
  return (
    <Badge>
      <span aria-hidden className={clsx('size-2 rounded-full', isActive ? 'bg-success' : 'bg-destructive')} />
      {isActive ? 'Active' : 'Disabled'}
    </Badge>
  );
}
