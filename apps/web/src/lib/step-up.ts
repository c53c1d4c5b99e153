/**
 * Acts that need a recent sign-in. Whatever `useMutation` the server answers with `step_up_required`, the session gate shows
 * one dialog that leads to Microsoft and back to the same page: a screen with such an act has nothing to do for it, except
 * not to report that failure as well. Nothing is done again by itself afterwards: the person decides anew.
 *
 *     onError: (error) => {
 *       if (!needsStepUp(error)) toast.error(toProblem(error).title);
 *     }
 *
 * The query client calls `noticeStepUp` for each failed mutation; who sends a write in another way calls it themselves.
 */
import { ApiProblem } from './problem.ts';
import { createValueStore } from './value-store.ts';

/** Whether the dialog is open. */
export const stepUpAsked = createValueStore(false);

export const needsStepUp = (error: unknown): boolean =>
  error instanceof ApiProblem && error.problem.code === 'step_up_required';

export function noticeStepUp(error: unknown): void {
  if (needsStepUp(error)) stepUpAsked.set(true);
}
