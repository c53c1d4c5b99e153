import { createCodePlugin } from '@streamdown/code';

/** Highlights with the JavaScript regular-expression engine: the other one is WebAssembly, which the policy forbids. */
export const codePlugin = createCodePlugin({ themes: ['github-light-default', 'github-dark-default'] });
