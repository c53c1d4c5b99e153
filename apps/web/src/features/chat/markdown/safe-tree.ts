/**
 * What a model writes is untrusted. Three nets, each of which would do alone: HTML never becomes elements, the tree is
 * stripped to a list of allowed elements and link protocols, and links and images are checked again at the end.
 */
import type { ComponentProps } from 'react';
import { type Streamdown, defaultRehypePlugins, defaultRemarkPlugins } from 'streamdown';

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  data?: { hChildren?: Node[] };
  children?: Node[];
}

type Plugins = NonNullable<ComponentProps<typeof Streamdown>['rehypePlugins']>;
type Plugin = Plugins[number];

function replaceIn(node: Node, replace: (child: Node, parent: Node) => Node): void {
  // Leaves have no children at all, and what reads them later looks for the key.
  if (node.children === undefined) return;
  node.children = node.children.map((child) => replace(child, node));
  for (const child of node.children) replaceIn(child, replace);
}

/** Shown as written, so that `Vec<String>` outside of code does not lose a word. Only the line break is meant. */
function htmlAsText() {
  return (tree: Node): void =>
    replaceIn(tree, (child, parent) => {
      if (child.type !== 'html') return child;
      if (/^<br\s*\/?>$/i.test(child.value ?? '')) return { type: 'break' };
      const text = { type: 'text', value: child.value ?? '' };
      const inline = ['paragraph', 'heading', 'tableCell', 'emphasis', 'strong', 'delete', 'link'];
      return inline.includes(parent.type) ? text : { type: 'paragraph', children: [text] };
    });
}

const zeroWidth = /[\u200b-\u200d\u2060\ufeff]/gu;
const withoutZeroWidth = (node: Node): Node =>
  node.value === undefined ? node : { ...node, value: node.value.replaceAll(zeroWidth, '') };

/** Some models strew them in; in a formula an invisible character would take the index of the visible one before it. */
function visibleFormulas() {
  return (tree: Node): void =>
    replaceIn(tree, (child) => {
      if (child.type !== 'math' && child.type !== 'inlineMath') return child;
      const hChildren = child.data?.hChildren?.map((part) =>
        part.children === undefined
          ? withoutZeroWidth(part)
          : { ...part, children: part.children.map(withoutZeroWidth) },
      );
      return { ...withoutZeroWidth(child), ...(hChildren && { data: { ...child.data, hChildren } }) };
    });
}

/** Each answer numbers its footnotes from 1: without a prefix of its own, a link would lead to another answer’s note. */
function ownFootnotes({ prefix }: { prefix: string }) {
  const renamed = (value: unknown): unknown =>
    typeof value === 'string'
      ? value.replace(/^(#?)(user-content-fn|footnote-label)/, `$1${prefix}$2`)
      : value;
  return (tree: Node): void =>
    replaceIn(tree, (child) => {
      const { id, href, ariaDescribedBy } = child.properties ?? {};
      if (id === undefined && href === undefined) return child;
      const described = Array.isArray(ariaDescribedBy)
        ? ariaDescribedBy.map(renamed)
        : renamed(ariaDescribedBy);
      return {
        ...child,
        properties: {
          ...child.properties,
          ...(id !== undefined && { id: renamed(id) }),
          ...(href !== undefined && { href: renamed(href) }),
          ...(described !== undefined && { ariaDescribedBy: described }),
        },
      };
    });
}

/** Loading an image tells its server who is reading, and the URL can carry the conversation away. */
function imagesAsLinks() {
  return (tree: Node): void =>
    replaceIn(tree, (child, parent) => {
      if (child.tagName !== 'img') return child;
      const { src, alt } = child.properties ?? {};
      const words = {
        type: 'text',
        value: `Image: ${typeof alt === 'string' && alt !== '' ? alt : 'no description'}`,
      };
      const linkable = typeof src === 'string' && /^https?:/i.test(src) && parent.tagName !== 'a';
      return linkable
        ? { type: 'element', tagName: 'a', properties: { href: src }, children: [words] }
        : { type: 'element', tagName: 'span', properties: {}, children: [words] };
    });
}

/** Long lines scroll: the renderer hands these properties on to what scrolls. */
function reachableCode() {
  return (tree: Node): void =>
    replaceIn(tree, (child, parent) =>
      child.tagName === 'code' && parent.tagName === 'pre'
        ? { ...child, properties: { ...child.properties, tabIndex: 0 } }
        : child,
    );
}

function withOptions(
  plugin: Plugin | undefined,
  change: (options: Record<string, unknown>) => object,
): Plugin {
  if (!Array.isArray(plugin)) throw new Error('streamdown changed the form of its plugins');
  const [attach, options] = plugin as [Plugin, Record<string, unknown>];
  return [attach, change(options)] as unknown as Plugin;
}

const embedding = new Set(['img', 'picture', 'source', 'input', 'video', 'audio', 'iframe', 'svg']);

export const remarkPlugins: Plugins = [...Object.values(defaultRemarkPlugins), htmlAsText, visibleFormulas];

/** @param prefix of the ids in this answer, different from that of any other on the page. */
export const rehypePlugins = (prefix: string): Plugins => [...safePlugins, [ownFootnotes, { prefix }]];

const safePlugins: Plugins = [
  imagesAsLinks,
  withOptions(defaultRehypePlugins['sanitize'], (schema) => ({
    ...schema,
    // Checkboxes of task lists are the one input that Markdown knows.
    tagNames: [...(schema['tagNames'] as string[]).filter((name) => !embedding.has(name)), 'input'],
    protocols: { href: ['http', 'https', 'mailto'], cite: [], src: [], longDesc: [] },
  })),
  withOptions(defaultRehypePlugins['harden'], (options) => ({
    ...options,
    allowedLinkPrefixes: ['*'],
    allowedImagePrefixes: [],
    allowedProtocols: [],
    allowDataImages: false,
  })),
  reachableCode,
];
