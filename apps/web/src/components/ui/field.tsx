import { type ComponentProps, type ReactNode, useId } from 'react';
import { clsx } from 'clsx';

const controlClass =
  'w-full rounded-lg border border-input bg-card px-3 text-sm outline-none focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/60 aria-invalid:border-destructive disabled:opacity-50';

interface FieldProps {
  label: string;
  /** Under the control. */
  hint?: ReactNode;
  /** What is wrong with the value; said in place of the hint. */
  fault?: string | undefined;
  className?: string;
}

function useField({ label, hint, fault, className }: FieldProps) {
  const id = useId();
  const about = fault ?? hint;
  return {
    control: {
      id,
      'aria-invalid': fault !== undefined || undefined,
      'aria-describedby': about === undefined ? undefined : `${id}-about`,
    },
    frame: (control: ReactNode) => (
      <div className={clsx('grid content-start gap-1.5', className)}>
        <label htmlFor={id} className="text-xs font-medium text-muted-foreground">
          {label}
        </label>
        {control}
        {about !== undefined && (
          <p
            id={`${id}-about`}
            className={clsx('text-xs', fault === undefined ? 'text-muted-foreground' : 'text-destructive')}
          >
            {about}
          </p>
        )}
      </div>
    ),
  };
}

type ControlProps<Tag extends 'input' | 'select' | 'textarea'> = FieldProps &
  Omit<ComponentProps<Tag>, 'id' | keyof FieldProps>;

export function TextField({ label, hint, fault, className, ...props }: ControlProps<'input'>) {
  const { control, frame } = useField({ label, hint, fault, ...(className ? { className } : {}) });
  return frame(<input className={clsx(controlClass, 'h-9')} {...control} {...props} />);
}

export function TextAreaField({ label, hint, fault, className, ...props }: ControlProps<'textarea'>) {
  const { control, frame } = useField({ label, hint, fault, ...(className ? { className } : {}) });
  return frame(
    <textarea className={clsx(controlClass, 'min-h-28 py-2 font-mono')} {...control} {...props} />,
  );
}

/** The browser's own: it works by keyboard, by touch and by screen reader everywhere. */
export function SelectField({ label, hint, fault, className, ...props }: ControlProps<'select'>) {
  const { control, frame } = useField({ label, hint, fault, ...(className ? { className } : {}) });
  return frame(<select className={clsx(controlClass, 'h-9')} {...control} {...props} />);
}
