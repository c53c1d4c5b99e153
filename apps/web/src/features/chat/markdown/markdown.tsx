'use client';

import { type ComponentProps, type ReactNode, useId, useMemo } from 'react';
import { Streamdown } from 'streamdown';
import { useLoaded } from '../../../lib/use-loaded.ts';
import { withMathDelimiters } from './math-delimiters.ts';
import { rehypePlugins, remarkPlugins } from './safe-tree.ts';

const loadCodePlugin = () => import('./code-plugin.ts');
const loadMathPlugin = () => import('./math-plugin.ts');

type StreamdownProps = ComponentProps<typeof Streamdown>;

const components: StreamdownProps['components'] = { a: SafeLink, input: TaskBox, table: WideTable };
const controls: StreamdownProps['controls'] = {
  code: { copy: true, download: false },
  mermaid: false,
  image: false,
};
const translations: StreamdownProps['translations'] = { copyCode: 'Copy code' };
const remend: StreamdownProps['remend'] = { linkMode: 'text-only', images: false };
const noModal: StreamdownProps['linkSafety'] = { enabled: false };

export function Markdown({ text, streaming }: { text: string; streaming: boolean }) {
  const markdown = useMemo(() => withMathDelimiters(text), [text]);
  const code = useLoaded(loadCodePlugin, /(^|\n)[ \t>]*(```|~~~)/.test(markdown));
  const math = useLoaded(loadMathPlugin, markdown.includes('$$'));
  const plugins = useMemo(
    () => ({ ...(code && { code: code.codePlugin }), ...(math && { math: math.mathPlugin }) }),
    [code, math],
  );
  const id = useId();
  const safePlugins = useMemo(() => rehypePlugins(id), [id]);
  return (
    <Streamdown
      className="markdown"
      remarkPlugins={remarkPlugins}
      rehypePlugins={safePlugins}
      components={components}
      controls={controls}
      plugins={plugins}
      linkSafety={noModal}
      translations={translations}
      remend={remend}
      lineNumbers={false}
      codeBlockMaxHeight={0}
      isAnimating={streaming}
      parseIncompleteMarkdown={streaming}
      {...(streaming && { caret: 'circle' as const })}
    >
      {markdown}
    </Streamdown>
  );
}

/** A link to our own pages in an answer would be a click in the reader's name: only whole addresses lead anywhere. */
function SafeLink({ href, children, ...props }: ComponentProps<'a'> & { node?: unknown }) {
  if (typeof href !== 'string') return <span>{children}</span>;
  if (href.startsWith('#')) {
    // Footnotes: the way there and the way back.
    return (
      <a
        href={href}
        id={props.id}
        aria-label={props['aria-label']}
        aria-describedby={props['aria-describedby']}
      >
        {children}
      </a>
    );
  }
  if (!/^(https?:\/\/|mailto:)/i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer" title={href}>
      {children}
    </a>
  );
}

function TaskBox({ checked }: { checked?: unknown; node?: unknown }) {
  return (
    <input
      type="checkbox"
      checked={checked === true}
      disabled
      aria-label={checked === true ? 'Done' : 'To do'}
    />
  );
}

/** Scrolls sideways by itself, by keyboard too. */
function WideTable({ children }: { children?: ReactNode; node?: unknown }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- What scrolls must be reachable by keyboard.
    <div tabIndex={0} className="my-4 overflow-x-auto rounded-lg border bg-card">
      <table className="w-full divide-y divide-border">{children}</table>
    </div>
  );
}
