'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { Button } from '../../../components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from '../../../components/ui/dropdown-menu.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { modelsQuery } from '../api/list-models.ts';

interface ModelPickerProps {
  /** Undefined: nothing chosen yet, so the first of the list counts. */
  model: string | undefined;
  /** Null when this person may not change it. */
  onChoose: ((model: string) => void) | null;
}

export function ModelPicker({ model, onChoose }: ModelPickerProps) {
  const models = useQuery(modelsQuery);
  if (models.isPending) return <Skeleton className="h-5 w-24" />;
  const items = models.data?.items ?? [];
  const current = model ?? items[0]?.id;
  const label = items.find(({ id }) => id === current)?.label ?? current;
  if (label === undefined) return null;
  if (items.length < 2 || onChoose === null) {
    return <p className="max-w-full truncate text-[0.8125rem] text-muted-foreground">{label}</p>;
  }
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="xs"
          className="-ml-1.5 max-w-full text-muted-foreground md:ml-0 md:max-w-56"
          aria-label={`Model: ${label}`}
        >
          <span className="truncate">{label}</span> <ChevronDown />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>Model</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={current ?? ''} onValueChange={onChoose}>
          {items.map(({ id, label: name }) => (
            <DropdownMenuRadioItem key={id} value={id}>
              {name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
