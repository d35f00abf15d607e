import { documentRange } from './document-range.ts';
import type { Span, YamlNode } from './node.ts';
import type { ValueComments } from './stringify.ts';

/** Characters that Kubernetes' parser refuses in a comment too, and some that would end it. */
const FORBIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

interface Comment {
  readonly start: number;
  /** From its `#` on. */
  readonly text: string;
  /** Whether it is alone on its line. */
  readonly isAlone: boolean;
}

/** A key, or an item that is not a block list or map: those begin where their first part does, which has the comments. */
type Anchor = Span;

/**
 * The comments of one document by what they belong to: a comment on a line of its own belongs to the key or item that follows, one
 * at the end of a line to the innermost key or item that is open there. No comment is lost, within brackets and after a `|` as well.
 */
export class DocumentComments {
  readonly #byAnchor = new Map<number, ValueComments>();
  readonly #below: readonly string[];

  constructor(source: string, root: YamlNode) {
    const comments = source.includes('#') ? commentsIn(source, root) : [];
    this.#below = comments.length === 0 ? [] : this.#assign(comments, new Anchors(root));
  }

  /** @returns the texts of the comments that belong to nothing */
  #assign(comments: readonly Comment[], anchors: Anchors): string[] {
    const below: string[] = [];
    for (const comment of comments) {
      const next = comment.isAlone ? anchors.after(comment.start) : undefined;
      const around = comment.isAlone ? undefined : anchors.around(comment.start);
      if (next !== undefined) this.#add(next, { above: [comment.text] });
      else if (around !== undefined) this.#add(around, { beside: comment.text });
      // It precedes all keys on a line with a bracket or a tag, or follows everything.
      else if (!comment.isAlone && anchors.first !== undefined)
        this.#add(anchors.first, { above: [comment.text] });
      else below.push(comment.text);
    }
    return below;
  }

  get isEmpty(): boolean {
    return this.#byAnchor.size === 0 && this.#below.length === 0;
  }

  /** The comments of the key or item that begins at `start`. */
  at(start: number): ValueComments | undefined {
    return this.#byAnchor.get(start);
  }

  /** The comments after everything else. */
  get below(): readonly string[] {
    return this.#below;
  }

  #add({ start }: Anchor, { above = [], beside }: ValueComments): void {
    const known = this.#byAnchor.get(start);
    const besides = [known?.beside, beside].filter(text => text !== undefined);
    // Where two comments end lines of one key (`{ # a` and `} # b`), the first goes above it.
    const moved = besides.length > 1 ? besides.slice(0, 1) : [];
    const last = besides.at(-1);
    const all = [...(known?.above ?? []), ...moved, ...above];
    this.#byAnchor.set(start, {
      ...(all.length === 0 ? {} : { above: all }),
      ...(last === undefined ? {} : { beside: last }),
    });
  }
}

function commentsIn(source: string, root: YamlNode): Comment[] {
  const { start, end } = documentRange(source, root);
  const texts = textsWithHash(source, root);
  const comments: Comment[] = [];
  let next = 0;
  for (let at = source.indexOf('#', start); at >= 0 && at < end; at = source.indexOf('#', at + 1)) {
    while (next < texts.length && (texts[next]?.end ?? 0) <= at) next++;
    const text = texts[next];
    if (text !== undefined && text.start <= at) {
      at = text.end - 1;
      continue;
    }
    if (at > start && !/\s/.test(source.charAt(at - 1))) continue;
    const comment = commentAt(source, at, start);
    if (!FORBIDDEN.test(comment.text)) comments.push(comment);
    at += comment.text.length - 1;
  }
  return comments;
}

function commentAt(source: string, at: number, from: number): Comment {
  const rest = /[^\r\n]*/y;
  rest.lastIndex = at;
  const text = (rest.exec(source)?.[0] ?? '#').trimEnd();
  let before = at;
  while (before > from && ' \t'.includes(source.charAt(before - 1))) before--;
  const isAlone = before === from || '\r\n'.includes(source.charAt(before - 1));
  return { start: at, text, isAlone };
}

/** Quoted texts and blocks in which a `#` begins no comment, in the order of the source. */
function textsWithHash(source: string, root: YamlNode): Span[] {
  const texts: Span[] = [];
  const visit = (node: YamlNode): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    else if (node.kind === 'map')
      for (const { key, value } of node.entries.values()) {
        visit(key);
        visit(value);
      }
    else if (node.style !== 'plain' && source.slice(node.start, node.end).includes('#'))
      texts.push(withoutHeader(source, node.style, node));
  };
  visit(root);
  return texts.sort((a, b) => a.start - b.start);
}

/** The line of a block's `|` may end with a comment. */
function withoutHeader(source: string, style: string, { start, end }: Span): Span {
  if (style !== 'literal' && style !== 'folded') return { start, end };
  const header = source.slice(start, end).search(/[\r\n]/);
  return { start: header < 0 ? end : start + header, end };
}

interface Child {
  readonly start: number;
  readonly anchor: Anchor | undefined;
  readonly value: YamlNode;
}

/** What comments can belong to, in the order of the source. */
class Anchors {
  readonly #root: YamlNode;
  readonly #all: readonly Anchor[];
  /** The children of each list and map, in the order of the source; what an alias repeats is where it was first written. */
  readonly #children = new Map<YamlNode, readonly Child[]>();

  constructor(root: YamlNode) {
    this.#root = root;
    const anchors: Anchor[] = root.kind === 'scalar' || root.inFlow ? [root] : [];
    this.#collect(root, anchors);
    this.#all = anchors.sort(byStart);
  }

  get first(): Anchor | undefined {
    return this.#all[0];
  }

  #collect(node: YamlNode, anchors: Anchor[]): void {
    if (this.#children.has(node)) return;
    const children = childrenOf(node).sort(byStart);
    this.#children.set(node, children);
    for (const { anchor, value } of children) {
      if (anchor !== undefined) anchors.push(anchor);
      this.#collect(value, anchors);
    }
  }

  after(offset: number): Anchor | undefined {
    return this.#all[countBefore(this.#all, offset)];
  }

  /** The innermost anchor that is open at an offset; one within closed brackets is not. */
  around(offset: number): Anchor | undefined {
    let found: Anchor | undefined;
    for (let node: YamlNode | undefined = this.#root; node !== undefined; ) {
      if (node.kind !== 'scalar' && node.inFlow && offset >= node.end) break;
      const children: readonly Child[] = this.#children.get(node) ?? [];
      const child: Child | undefined = children[countBefore(children, offset) - 1];
      found = child?.anchor ?? found;
      const { start = 0 } = child?.value ?? {};
      node = child !== undefined && start >= child.start && start < offset ? child.value : undefined;
    }
    return found;
  }
}

function byStart(a: { readonly start: number }, b: { readonly start: number }): number {
  return a.start - b.start;
}

/** How many elements begin before an offset. */
function countBefore(sorted: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function childrenOf(node: YamlNode): Child[] {
  if (node.kind === 'list')
    return node.items.map(value => {
      // An item without a value has no offset of its own: it has that of whatever ends before it.
      const isAnchor = value.kind === 'scalar' ? value.start < value.end : isFlow(value, node);
      return { start: value.start, anchor: isAnchor ? value : undefined, value };
    });
  if (node.kind !== 'map') return [];
  return [...node.entries.values()].map(({ key, value }) => ({ start: key.start, anchor: key, value }));
}

/** A pair between brackets (`[a: 1]`) is a map without braces; it begins at its key, as a map in block style does. */
function isFlow(value: Exclude<YamlNode, { kind: 'scalar' }>, parent: YamlNode): boolean {
  return value.inFlow && !(parent.kind === 'list' && parent.inFlow && firstKey(value) === value.start);
}

function firstKey(node: YamlNode): number {
  return node.kind === 'map' ? ([...node.entries.values()][0]?.key.start ?? -1) : -1;
}
