import { highlightedParts } from '../highlighted-parts.ts';

/** Text alone, whatever stands in it; what was looked for is marked. */
export function Highlighted({ text, words }: { text: string; words: readonly string[] }) {
  return highlightedParts(text, words).map(({ at, text: part, isHit }) =>
    isHit ? (
      <mark key={at} className="rounded-xs bg-primary/20 dark:bg-primary/35 font-medium text-foreground">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}
