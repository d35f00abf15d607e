import { parseSync } from '@swc/core';
import type { Source } from './sources.ts';

/** Text that a source holds, cut at what is put in when it runs: `there is no file ${path}` is `['there is no file ', '']`. */
export type Template = readonly string[];

interface Unit {
  readonly owner: string;
  /** What it is called by: the name of the function, method or constant. */
  readonly name: string;
  readonly texts: readonly Template[];
  readonly words: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

/** Finds the texts that a message with a code may be made of. */
export class MessageTemplates {
  readonly #units: readonly Unit[];
  readonly #whole: readonly RegExp[];

  constructor(sources: readonly Source[]) {
    const constants = constantsOf(sources);
    this.#units = sources.flatMap(({ owner, text }) => unitsOf(owner, text, constants));
    this.#whole = this.all
      .filter(template => template.join('').trim().length >= MIN_FILLING)
      .map(template => new RegExp(`^${patternOf(template)}$`, 'u'));
  }

  get all(): Template[] {
    return this.#units.flatMap(({ texts }) => texts);
  }

  /** Whether one of these texts can be the message, and texts of the sources can be whatever words fill its gaps. */
  say(templates: readonly Template[], message: string): boolean {
    return templates.some(template => {
      if (!isEnough(template, message)) return false;
      const gaps = new RegExp(`^([^]*?)${patternOf(template)}([^]*?)$`, 'u').exec(message);
      return gaps?.slice(1).every(gap => this.#canFill(gap)) === true;
    });
  }

  #canFill(gap: string, depth = 0): boolean {
    if (!isProse(gap)) return true;
    if (depth > DEEPEST_GAP) return false;
    const text = gap.trim().replace(/^[:;,] /, '');
    return this.#whole.some(whole => {
      const gaps = whole.exec(text)?.slice(1);
      return gaps?.every(inner => inner.length < text.length && this.#canFill(inner, depth + 1)) === true;
    });
  }

  /** Texts in the functions of a package that name the code, in those that they call, and in those that call them, up to two calls away. */
  of(owner: string, code: string): Template[] {
    const inPackage = this.#units.filter(unit => unit.owner === owner);
    // An action may fail with a code of a package that explains it.
    const own = inPackage.some(({ words }) => words.has(code)) ? inPackage : this.#units;
    let makers = own.filter(({ words }) => words.has(code));
    const called = new Set(makers.flatMap(({ calls }) => [...calls]));
    const found = new Set([...makers, ...own.filter(({ name }) => called.has(name))]);
    for (let distance = 0; distance < 2; distance += 1) {
      const names = new Set(makers.map(({ name }) => name).filter(name => name !== ''));
      makers = own.filter(unit => !found.has(unit) && [...unit.calls].some(name => names.has(name)));
      for (const unit of makers) found.add(unit);
    }
    return [...found].flatMap(({ texts }) => texts);
  }
}

/** The least that a text must have to fill a gap of another one. */
const MIN_FILLING = 6;
const DEEPEST_GAP = 3;
/** Words in a row outside of quotes, which are not a name. */
const PROSE = /[a-z]+ [a-z]+ [a-z]+/;

function isProse(text: string): boolean {
  return PROSE.test(text.replace(/"[^"]*"/g, '""'));
}

/** A template as a pattern whose groups are its gaps. */
function patternOf(template: Template): string {
  return template.map(part => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('([^]*?)');
}

/** The least that a text has to have in common with a message to be taken for its source. */
const MIN_FIXED = 10;

function fixedLength(template: Template): number {
  return template.reduce((sum, part) => sum + part.trim().length, 0);
}

/** Whether a text has enough words for a message: one alone is a name or a key. */
function isEnough(template: Template, message: string): boolean {
  if (fixedLength(template) < Math.min(MIN_FIXED, message.length)) return false;
  return template.length > 1 || /\S\s+\S/.test(template.join(''));
}

/** Whether a message can be the text with its gaps filled, or holds the most of it as a whole. */
export function canSay(template: Template, message: string): boolean {
  if (!isEnough(template, message)) return false;
  const pattern = patternOf(template);
  if (new RegExp(`^${pattern}$`, 'u').test(message)) return true;
  const own = message.replace(/"[^"]*"/g, '').length;
  return fixedLength(template) >= own / 2 && new RegExp(pattern, 'u').test(message);
}

/** Names in capitals that stand for a text: `const ORDER = 'slipway.dev/order'`. */
type Constants = ReadonlyMap<string, string>;

function constantsOf(sources: readonly Source[]): Constants {
  const constants = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const { text } of sources)
    for (const [, name = '', , value = ''] of text.matchAll(
      /\bconst ([A-Z][A-Z_]+) = (['`])([^'`\n]+)\2;/g,
    )) {
      const filled = value.replace(/\$\{([A-Z_]+)\}/g, (gap, other: string) => constants.get(other) ?? gap);
      if (filled !== (constants.get(name) ?? filled)) ambiguous.add(name);
      constants.set(name, filled);
    }
  return new Map([...constants].filter(([name, value]) => !ambiguous.has(name) && !value.includes('${')));
}

function unitsOf(owner: string, text: string, constants: Constants): Unit[] {
  const { body } = parseSync(text, { syntax: 'typescript' });
  return (body as unknown as Node[]).flatMap(statement => {
    const declared = (statement['declaration'] as Node | undefined) ?? statement;
    const members = declared.type === 'ClassDeclaration' ? (declared['body'] as Node[]) : [declared];
    return members.map(member => unitOf(owner, member, constants));
  });
}

function unitOf(owner: string, node: Node, constants: Constants): Unit {
  const unit = { texts: [] as Template[], words: new Set<string>(), calls: new Set<string>() };
  walk(node, found => {
    unit.texts.push(...templatesOf(found, constants));
    if (found.type === 'StringLiteral') unit.words.add(String(found['value']));
    // A function that is handed on is called by whoever gets it.
    if (found.type === 'Identifier' || found.type === 'PrivateName') unit.calls.add(nameOf(found));
  });
  return { owner, name: nameOf(node), ...unit };
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && typeof node.type === 'string') visit(node as Node);
    for (const value of Object.values(node)) walk(value, visit);
  }
}

/** The texts that an expression can be, with gaps; several where it chooses between some. */
function templatesOf(node: Node, constants: Constants): Template[] {
  if (node.type === 'StringLiteral') return [[String(node['value'])]];
  if (node.type === 'TemplateLiteral') {
    const [first, ...others] = (node['quasis'] as { cooked: string }[]).map(({ cooked }) => cooked);
    const gaps = node['expressions'] as Node[];
    return others.reduce<Template[]>(
      (begun, text, index) => {
        const known = gapTexts(gaps[index] as Node, constants);
        return begun.flatMap(begin => known.map(gap => join(join(begin, gap), [text])));
      },
      [[first ?? '']],
    );
  }
  if (node.type !== 'BinaryExpression' || node['operator'] !== '+') return [];
  const right = templatesOf(node['right'] as Node, constants);
  return templatesOf(node['left'] as Node, constants).flatMap(begin => right.map(end => join(begin, end)));
}

function gapTexts(node: Node, constants: Constants): Template[] {
  const constant = node.type === 'Identifier' ? constants.get(String(node['value'])) : undefined;
  if (constant !== undefined) return [[constant]];
  if (node.type !== 'ConditionalExpression') return [['', '']];
  const either = [node['consequent'], node['alternate']] as Node[];
  return either.flatMap(branch => {
    const texts = templatesOf(branch, constants);
    return texts.length === 0 ? [['', '']] : texts;
  });
}

function join(begin: Template, end: Template): Template {
  return [...begin.slice(0, -1), `${begin.at(-1)}${end[0]}`, ...end.slice(1)];
}

/** The name that a declaration, a method or what is called goes by; empty without one. */
function nameOf(node: Node | undefined): string {
  if (node === undefined) return '';
  if (typeof node['value'] === 'string') return node['value'];
  if (node.type === 'VariableDeclaration')
    return nameOf(((node['declarations'] as Node[])[0] as { id?: Node } | undefined)?.id);
  if (node.type === 'PrivateName') return String(node['value'] ?? nameOf(node['id'] as Node));
  return nameOf((node['identifier'] ?? node['key'] ?? node['property'] ?? node['id']) as Node | undefined);
}
