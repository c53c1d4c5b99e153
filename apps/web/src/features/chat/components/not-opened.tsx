import { ProblemNotice } from '../../../components/problem-notice.tsx';
import { Notice } from '../../../components/ui/notice.tsx';
import { toProblem } from '../../../lib/problem.ts';

/** Why the conversation of the address is not shown. */
export function NotOpened({ error, onRetry }: { error: Error; onRetry: () => void }) {
  switch (toProblem(error).code) {
    case 'not_found':
      return (
        <Notice tone="warning" announce="now" title="This conversation is not there">
          It was deleted, or it is not yours. Choose another one, or start a new chat.
        </Notice>
      );
    // Nothing but the id in the address can be wrong.
    case 'validation_failed':
      return (
        <Notice tone="warning" announce="now" title="This link does not lead to a conversation">
          Its address is incomplete or was changed. Choose a conversation, or start a new chat.
        </Notice>
      );
    default:
      return <ProblemNotice error={error} onRetry={onRetry} />;
  }
}
