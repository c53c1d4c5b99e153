import { command } from '../../../../lib/api.ts';
import { ApiProblem } from '../../../../lib/problem.ts';
import { exportPath, type LogFilter } from '../audit-address.ts';

/**
 * The browser saves it, so that no log is held in the page. A download that is refused could not say why: so it is asked
 * for first without a format, which is refused as a bad request, but only after the rights and the age of the sign-in.
 */
export async function downloadExport(filter: LogFilter, format: 'csv' | 'jsonl'): Promise<void> {
  try {
    await command('/api/admin/audit-logs/export', {});
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.problem.code !== 'validation_failed') throw error;
  }
  const link = document.createElement('a');
  link.href = exportPath(filter, format);
  link.download = '';
  link.click();
}
