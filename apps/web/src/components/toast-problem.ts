import { toast } from 'sonner';
import { toProblem } from '../lib/problem.ts';
import { needsStepUp } from '../lib/step-up.ts';

/**
 * For acts that failed without a place of their own on the screen. What needs a recent sign-in is not reported: the dialog
 * for it is open already.
 * @param what did not happen: `The model was not changed`.
 */
export function toastProblem(error: unknown, what?: string): void {
  if (needsStepUp(error)) return;
  const { title, detail } = toProblem(error);
  toast.error(what === undefined ? title : `${what}: ${title}`, { description: detail });
}
