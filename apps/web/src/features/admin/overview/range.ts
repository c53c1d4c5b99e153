import { useSearchParams } from 'next/navigation';

export const ranges = [7, 30, 90] as const;
export type Days = (typeof ranges)[number];
const usual: Days = 30;

/** The range in the address; the usual one where there is none of ours. */
export const readRange = (value: string | null): Days =>
  ranges.find((days) => String(days) === value) ?? usual;

export function useRange(): [Days, (days: Days) => void] {
  const days = readRange(useSearchParams().get('days'));
  const choose = (chosen: Days): void =>
    window.history.replaceState(null, '', chosen === usual ? '/admin' : `/admin?days=${chosen}`);
  return [days, choose];
}
