interface Welcome {
  publicUrl: string;
  people: { displayName: string; about: string }[];
  logFile: string;
}

export function welcome({ publicUrl, people, logFile }: Welcome): string {
  const width = Math.max(...people.map(({ displayName }) => displayName.length));
  return [
    `Open ${publicUrl}`,
    '',
    'People you can sign in as (no password; the emulator asks only who you are):',
    ...people.map(({ displayName, about }) => `  ${displayName.padEnd(width)}  ${about}`),
    '',
    `The API logs to ${logFile}. Ctrl-C ends everything; what you wrote is kept for the next start.`,
  ].join('\n');
}
