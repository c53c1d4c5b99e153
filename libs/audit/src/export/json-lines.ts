import { escapeControls } from '#platform';

export const jsonLines = (entries: readonly object[]): string =>
  entries.map((entry) => `${escapeControls(JSON.stringify(entry))}\n`).join('');
