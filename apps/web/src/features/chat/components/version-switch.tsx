import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '../../../components/ui/button.tsx';

interface VersionSwitchProps {
  versions: readonly string[];
  current: string;
  onChoose: (id: string) => void;
}

export function VersionSwitch({ versions, current, onChoose }: VersionSwitchProps) {
  if (versions.length < 2) return null;
  const index = versions.indexOf(current);
  const previous = versions[index - 1];
  const next = versions[index + 1];
  return (
    <div className="flex items-center text-xs text-muted-foreground">
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label="Previous version"
        aria-disabled={previous === undefined}
        onClick={() => previous !== undefined && onChoose(previous)}
      >
        <ChevronLeft />
      </Button>
      <span className="sr-only">
        Version {index + 1} of {versions.length}
      </span>
      <span className="tabular-nums" aria-hidden>
        {index + 1}/{versions.length}
      </span>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label="Next version"
        aria-disabled={next === undefined}
        onClick={() => next !== undefined && onChoose(next)}
      >
        <ChevronRight />
      </Button>
    </div>
  );
}
