import { toProblem } from '../lib/problem.ts';
import { Button } from './ui/button.tsx';
import { Notice } from './ui/notice.tsx';

interface ProblemNoticeProps {
  error: unknown;
  onRetry?: () => void;
  className?: string;
}

export function ProblemNotice({ error, onRetry, className }: ProblemNoticeProps) {
  const { title, detail, requestId } = toProblem(error);
  return (
    <Notice
      tone="error"
      announce="now"
      title={title}
      className={className}
      actions={
        onRetry && (
          <Button variant="outline" size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {detail}
      {requestId !== '' && <p className="mt-1 text-xs wrap-anywhere">Request id: {requestId}</p>}
    </Notice>
  );
}
