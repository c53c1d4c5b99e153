'use client';

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '../../../../components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '../../../../components/ui/dropdown-menu.tsx';
import { toProblem } from '../../../../lib/problem.ts';
import { needsStepUp } from '../../../../lib/step-up.ts';
import { downloadExport } from '../api/download-export.ts';
import { isNarrowed, type LogFilter } from '../audit-address.ts';

export function ExportMenu({ filter }: { filter: LogFilter }) {
  const download = useMutation({
    mutationFn: (format: 'csv' | 'jsonl') => downloadExport(filter, format),
    onError: (error) => {
      if (needsStepUp(error)) return;
      const { title, detail } = toProblem(error);
      toast.error(`Not exported: ${title}`, { description: detail });
    },
  });
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="sm" aria-disabled={download.isPending}>
          <Download /> Export
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>
          {isNarrowed(filter) ? 'What the filters leave' : 'The whole log'}
        </DropdownMenuLabel>
        <DropdownMenuItem onSelect={() => download.mutate('csv')}>CSV, for a spreadsheet</DropdownMenuItem>
        <DropdownMenuItem onSelect={() => download.mutate('jsonl')}>
          JSON Lines, for a program
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
