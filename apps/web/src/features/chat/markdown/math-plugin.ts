import { createMathPlugin } from '@streamdown/math';
import 'katex/dist/katex.min.css';

/** KaTeX leaves `\href`, `\includegraphics` and raw HTML alone unless told to trust its input; it is not told. */
export const mathPlugin = createMathPlugin({ errorColor: 'var(--muted-foreground)' });
