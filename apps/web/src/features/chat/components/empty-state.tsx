import { BrandMark } from '../../../components/brand.tsx';

const suggestions = [
  { title: 'Explain something', text: 'Explain how OAuth device-code sign-in works, in plain words: ' },
  { title: 'Improve a text', text: 'Make this text shorter and friendlier, and keep its meaning:\n\n' },
  { title: 'Write some code', text: 'Write a TypeScript function with tests that ' },
  { title: 'Compare options', text: 'Compare these options in a table, with pros and cons: ' },
];

interface EmptyStateProps {
  name: string;
  /** Null for those who may only read. */
  onSuggestion: ((text: string) => void) | null;
}

export function EmptyState({ name, onSuggestion }: EmptyStateProps) {
  const [givenName] = name.trim().split(/\s+/);
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-8">
      <div className="m-auto w-full max-w-2xl text-center">
        <BrandMark size="size-11" className="mx-auto" />
        <h2 className="mt-5 text-2xl font-semibold tracking-tight text-balance">
          {givenName ? `Hello ${givenName}` : 'Hello'}
          {onSuggestion === null ? '' : ', what can I help with?'}
        </h2>
        <p className="mt-2 text-sm text-muted-foreground">
          {onSuggestion === null
            ? 'Choose a conversation to read it.'
            : 'Your questions go to Azure OpenAI with your own Microsoft account.'}
        </p>
        {onSuggestion !== null && (
          <ul aria-label="Suggestions" className="mt-8 grid gap-2.5 text-left sm:grid-cols-2">
            {suggestions.map(({ title, text }) => (
              <li key={title} className="grid">
                <button
                  type="button"
                  className="flex flex-col rounded-xl border bg-card px-4 py-3 text-left transition-colors outline-none hover:bg-accent focus-visible:ring-2 focus-visible:ring-ring"
                  onClick={() => onSuggestion(text)}
                >
                  <span className="text-sm font-medium">{title}</span>
                  <span className="mt-0.5 line-clamp-1 text-sm text-muted-foreground">{text.trim()} …</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
