import { createMathPlugin } from '@streamdown/math';
import 'katex/dist/katex.min.css';

const plugin = createMathPlugin({ errorColor: 'var(--muted-foreground)' });
const [attach, options] = plugin.rehypePlugin as [never, object];

/**
 * KaTeX leaves `\href`, `\includegraphics` and raw HTML alone unless told to trust its input. The bounds keep a formula
 * from covering the page or expanding without end; what it does not know is for the reader, not for the console.
 */
export const mathPlugin: typeof plugin = {
  ...plugin,
  rehypePlugin: [
    attach,
    { ...options, trust: false, strict: 'ignore', maxSize: 20, maxExpand: 300 } as never,
  ],
};
