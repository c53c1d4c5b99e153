/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role
   -- a table that is displayed as something else loses its roles in some browsers unless they are written out */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { clsx } from 'clsx';

/** A table where there is room; on a narrow screen each row is a card whose cells carry the names of their columns. */
export function Table({ label, className, ...props }: ComponentProps<'table'> & { label: string }) {
  return (
    <div className="md:overflow-hidden md:rounded-2xl md:border md:bg-card">
      <table
        role="table"
        aria-label={label}
        className={clsx('w-full border-collapse text-left text-sm max-md:block', className)}
        {...props}
      />
    </div>
  );
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead role="rowgroup" className="border-b bg-muted/50 max-md:sr-only">
      <tr role="row">{children}</tr>
    </thead>
  );
}

export function TableBody({ className, ...props }: ComponentProps<'tbody'>) {
  return (
    <tbody role="rowgroup" className={clsx('max-md:grid max-md:gap-3 md:divide-y', className)} {...props} />
  );
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      role="row"
      className={clsx(
        'relative max-md:grid max-md:gap-1.5 max-md:rounded-2xl max-md:border max-md:bg-card max-md:p-4',
        className,
      )}
      {...props}
    />
  );
}

const headClass = 'px-4 py-2.5 text-xs font-medium whitespace-nowrap text-muted-foreground';

export function TableColumn({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <th role="columnheader" scope="col" className={clsx(headClass, className)}>
      {children}
    </th>
  );
}

interface SortedColumnProps {
  children: ReactNode;
  /** How the table is sorted by this column now, if it is. */
  sorted: 'ascending' | 'descending' | null;
  onSort: () => void;
}

export function SortedColumn({ children, sorted, onSort }: SortedColumnProps) {
  const Arrow = sorted === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <th role="columnheader" scope="col" aria-sort={sorted ?? 'none'} className={headClass}>
      <button
        type="button"
        onClick={onSort}
        className={clsx(
          '-mx-1.5 flex items-center gap-1 rounded px-1.5 py-0.5 hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring focus-visible:outline-none',
          sorted && 'font-semibold text-foreground',
        )}
      >
        {children}
        <Arrow aria-hidden className={clsx('size-3.5', !sorted && 'opacity-0')} />
      </button>
    </th>
  );
}

/** `label` names the column where there are none; without one the cell takes the width of the card. */
export function TableCell({
  label,
  className,
  children,
  ...props
}: ComponentProps<'td'> & { label?: string }) {
  return (
    <td
      role="cell"
      className={clsx(
        'min-w-0 wrap-anywhere md:px-4 md:py-3 md:align-top',
        label !== undefined && 'max-md:grid max-md:grid-cols-[6.5rem_minmax(0,1fr)] max-md:gap-x-3',
        className,
      )}
      {...props}
    >
      {label !== undefined && (
        <span aria-hidden className="text-muted-foreground md:hidden">
          {label}
        </span>
      )}
      <div className="min-w-0">{children}</div>
    </td>
  );
}
