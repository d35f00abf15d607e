import { defined, type Problem, quote, sha256 } from '@slipway/core';
import type { Span, YamlDocument, YamlNode, YamlScalar } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { originOf, type Traced, type TracedEntry, type TracedScalar } from '../trace/traced.ts';
import { fillStandIns, type SealedPart } from '../words/stand-in.ts';

/** What a tool gets in place of a secret: letters, digits and hyphens, which most templates copy unchanged. */
const TOKEN_PATTERN = /slipway-sealed-[0-9a-f]{32}/g;
const TOKEN_DIGITS = 32;

/**
 * The secrets that a tool got, and which of them its output contains. A word always has the same token, so that a checksum that a template
 * makes of it does not change with every release.
 */
export class SealedTokens {
  readonly #words = new Map<string, string>();
  readonly #seen = new Set<string>();

  /** The text of a scalar, with tokens in place of the stand-ins. */
  textOf({ value, sealed = [] }: TracedScalar): string {
    let text = String(value);
    for (const { word, standIn } of sealed) {
      const token = `slipway-sealed-${sha256(`slipway.dev/sealed/${word}`).slice('sha256:'.length).slice(0, TOKEN_DIGITS)}`;
      this.#words.set(token, word);
      text = text.replace(standIn, () => token);
    }
    return text;
  }

  /** The words whose token was not in the output. */
  get unseen(): readonly string[] {
    return [...new Set(this.#words.values())].filter(word => !this.#seen.has(word));
  }

  get isEmpty(): boolean {
    return this.#words.size === 0;
  }

  /** The text split at its tokens; undefined for a text without any token that was given out. */
  partsOf(text: string, span: Span): (string | SealedPart)[] | undefined {
    const parts: (string | SealedPart)[] = [];
    let end = 0;
    for (const { 0: token, index } of text.matchAll(TOKEN_PATTERN)) {
      const word = this.#words.get(token);
      if (word === undefined) continue;
      this.#seen.add(word);
      parts.push(text.slice(end, index), { word, span });
      end = index + token.length;
    }
    return parts.length === 0 ? undefined : [...parts, text.slice(end)];
  }
}

type Report = (problem: Problem<RenderErrorCode>) => void;

/**
 * A tool's output with its secrets sealed again. In `data` of a Secret, where a template has encoded them, they are found too.
 */
export function traceSealed(
  document: YamlDocument,
  node: YamlNode,
  tokens: SealedTokens,
  report: Report,
): Traced {
  const origin = originOf(document, node);
  if (node.kind === 'scalar') return tracedScalar(document, node, tokens);
  if (node.kind === 'list')
    return {
      kind: 'list',
      origin,
      items: node.items.map(item => traceSealed(document, item, tokens, report)),
    };
  const isSecret = !tokens.isEmpty && isCoreSecret(node);
  const entries = new Map<string, TracedEntry>();
  for (const [key, entry] of node.entries) {
    if (tokens.partsOf(key, entry.key) !== undefined) report(inKey(document, entry.key));
    const value =
      isSecret && key === 'data' && entry.value.kind === 'map'
        ? tracedData(document, entry.value, tokens, report)
        : traceSealed(document, entry.value, tokens, report);
    entries.set(key, { key: originOf(document, entry.key), value });
  }
  return { kind: 'map', origin, entries };
}

function tracedScalar(document: YamlDocument, node: YamlScalar, tokens: SealedTokens): TracedScalar {
  const origin = originOf(document, node);
  const parts = typeof node.value === 'string' ? tokens.partsOf(node.value, node) : undefined;
  if (parts === undefined) return { kind: 'scalar', value: node.value, origin };
  const { text, sealed } = fillStandIns(parts);
  return { kind: 'scalar', value: text, origin, sealed };
}

function tracedData(
  document: YamlDocument,
  data: Extract<YamlNode, { kind: 'map' }>,
  tokens: SealedTokens,
  report: Report,
): Traced {
  const entries = new Map<string, TracedEntry>();
  for (const [key, { key: keyNode, value }] of data.entries) {
    const decoded =
      value.kind === 'scalar' && typeof value.value === 'string' ? decodedText(value.value) : undefined;
    const parts = decoded === undefined ? undefined : tokens.partsOf(decoded, value);
    const traced =
      parts === undefined ? traceSealed(document, value, tokens, report) : filled(document, value, parts);
    entries.set(key, { key: originOf(document, keyNode), value: traced });
  }
  return { kind: 'map', origin: originOf(document, data), entries };
}

/** Marked as filled, so that sealing encodes it again, as it does with what a placeholder filled. */
function filled(
  document: YamlDocument,
  span: YamlNode,
  parts: readonly (string | SealedPart)[],
): TracedScalar {
  const { text, sealed } = fillStandIns(parts);
  return { kind: 'scalar', value: text, origin: originOf(document, span), isFilled: true, sealed };
}

/** Undefined if it is not the base64 of a text. */
export function decodedText(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) && bytes.length > 0 ? text : undefined;
}

export function isCoreSecret(node: YamlNode): boolean {
  return isText(node, 'kind', 'Secret') && isText(node, 'apiVersion', 'v1');
}

function isText(node: YamlNode, key: string, expected: string): boolean {
  const value = node.kind === 'map' ? node.entries.get(key)?.value : undefined;
  return value?.kind === 'scalar' && value.value === expected;
}

function inKey(document: YamlDocument, key: YamlScalar): Problem<RenderErrorCode> {
  return {
    code: 'secret-misplaced',
    at: document.positionOfSpan(key),
    message: 'a secret is in a key',
    remedy: 'put it into the value of an entry of a Secret',
  };
}

/** A warning for each secret that was given to a tool and that its output does not contain. */
export function unseenSecrets(
  tokens: SealedTokens,
  source: string,
  at: Problem['at'],
): Problem<RenderErrorCode>[] {
  return tokens.unseen.map(word => ({
    code: 'secret-unseen',
    ...defined({ at }),
    message: `the secret ${quote(word)} in the values of ${quote(source)} does not appear in any of its manifests`,
    remedy: 'remove it, or let the template copy it unchanged, or through b64enc, into a Secret',
  }));
}
