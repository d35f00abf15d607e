/** The rules of a Copper file: https://github.com/cloud66-oss/copper/blob/16fc1ce6134f/lib/copper/grammar/copper.treetop */
export interface CopperRule {
  readonly name: string;
  readonly action: 'ensure' | 'warn';
  readonly condition: Logic;
  readonly line: number;
}

/** `and` and `or` have one precedence and group to the right, as in Copper. */
export type Logic =
  | { readonly form: 'boolean'; readonly value: boolean }
  | { readonly form: 'comparison'; readonly operator: string; readonly left: Term; readonly right: Term }
  | { readonly form: 'logic'; readonly operator: '&&' | '||'; readonly left: Logic; readonly right: Logic };

export type Term = { readonly attributes: readonly Attribute[]; readonly line: number } & (
  | { readonly form: 'number'; readonly value: number }
  | { readonly form: 'text'; readonly value: string }
  | { readonly form: 'boolean'; readonly value: boolean }
  | { readonly form: 'set'; readonly items: readonly Term[] }
  | { readonly form: 'range'; readonly from: Term; readonly to: Term }
  | { readonly form: 'call'; readonly name: string; readonly parameters: readonly Term[] }
  | { readonly form: 'symbol'; readonly name: string }
);

export interface Attribute {
  readonly name: string;
  readonly parameters: readonly Term[];
}

/** A text that is not Copper, or that cannot be converted. */
export class CopperProblem {
  readonly message: string;
  readonly line: number;

  constructor(message: string, line: number) {
    this.message = message;
    this.line = line;
  }
}

interface Token {
  readonly text: string;
  readonly line: number;
}

const token =
  /\/\/[^\n]*|#[^\n]*|\/\*.*?\*\/|\s+|"(?:\\.|[^"\\])*"|\d+(?:\.\d+)?(?!\.\d)|\d+|\.\.|<=|>=|==|!=|->|&&|\|\||[A-Za-z]\w*|./gsy;

function tokens(source: string): Token[] {
  let line = 1;
  const found: Token[] = [];
  for (const [text] of source.matchAll(token)) {
    if (!/^(?:\s|\/\/|\/\*|#)/.test(text)) found.push({ text, line });
    line += text.split('\n').length - 1;
  }
  return found;
}

/** @throws CopperProblem where the text is not Copper */
export function parseCopper(source: string): readonly CopperRule[] {
  return new Parser(tokens(source)).rules();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  readonly #variables = new Map<string, Term>();

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  rules(): CopperRule[] {
    const found: CopperRule[] = [];
    while (this.#next < this.#tokens.length)
      if (this.#accept('var')) this.#variable();
      else {
        const { line } = this.#expect('rule');
        found.push(this.#rule(line));
      }
    return found;
  }

  #variable(): void {
    const { text } = this.#take();
    this.#expect('=');
    this.#variables.set(text, this.#term());
  }

  #rule(line: number): CopperRule {
    const name = this.#take().text;
    const action = this.#take().text === 'warn' ? 'warn' : 'ensure';
    this.#expect('{');
    const condition = this.#logic();
    this.#expect('}');
    return { name, action, condition, line };
  }

  #logic(): Logic {
    const left = this.#comparison();
    if (this.#accept('and') || this.#accept('&&') || this.#accept('&'))
      return { form: 'logic', operator: '&&', left, right: this.#logic() };
    if (this.#accept('or') || this.#accept('||') || this.#accept('|'))
      return { form: 'logic', operator: '||', left, right: this.#logic() };
    return left;
  }

  #comparison(): Logic {
    const left = this.#term();
    const operator = this.#peek();
    if (!['<=', '>=', '<', '>', '==', '=', '!=', 'in'].includes(operator)) {
      if (left.form === 'boolean') return { form: 'boolean', value: left.value };
      throw new CopperProblem(`expected a comparison, not "${operator}"`, left.line);
    }
    this.#take();
    return { form: 'comparison', operator: operator === '=' ? '==' : operator, left, right: this.#term() };
  }

  #term(): Term {
    const { text, line } = this.#take();
    const value = this.#value(text, line);
    const attributes = [...value.attributes, ...this.#attributes()];
    return { ...value, attributes };
  }

  #value(text: string, line: number): Term {
    const plain = { line, attributes: [] };
    if (/^\d/.test(text)) return { ...plain, form: 'number', value: Number(text) };
    if (text.startsWith('"'))
      return { ...plain, form: 'text', value: text.slice(1, -1).replace(/\\(.)/g, '$1') };
    if (text === 'true' || text === 'false') return { ...plain, form: 'boolean', value: text === 'true' };
    if (text === ':') return { ...plain, form: 'symbol', name: this.#take().text };
    if (text === '[') return { ...plain, form: 'set', items: this.#list(']') };
    if (text === '(') {
      const from = this.#term();
      this.#expect('..');
      const to = this.#term();
      this.#expect(')');
      return { ...plain, form: 'range', from, to };
    }
    if (this.#accept('(')) return { ...plain, form: 'call', name: text, parameters: this.#list(')') };
    const known = this.#variables.get(text);
    if (known !== undefined) return { ...known, line };
    if (/^[A-Za-z]/.test(text)) return { ...plain, form: 'symbol', name: text };
    throw new CopperProblem(`unexpected "${text}"`, line);
  }

  #attributes(): Attribute[] {
    const found: Attribute[] = [];
    while (this.#accept('.')) {
      const name = this.#take().text;
      found.push({ name, parameters: this.#accept('(') ? this.#list(')') : [] });
    }
    return found;
  }

  #list(end: string): Term[] {
    const items: Term[] = [];
    while (!this.#accept(end)) {
      items.push(this.#term());
      if (!this.#accept(',') && this.#peek() !== end) this.#expect(end);
    }
    return items;
  }

  #peek(): string {
    return this.#tokens[this.#next]?.text ?? '';
  }

  #take(): Token {
    const found = this.#tokens[this.#next];
    if (found === undefined)
      throw new CopperProblem('the file ends too early', this.#tokens.at(-1)?.line ?? 1);
    this.#next += 1;
    return found;
  }

  #accept(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#next += 1;
    return true;
  }

  #expect(text: string): Token {
    const found = this.#take();
    if (found.text === text) return found;
    throw new CopperProblem(`expected "${text}", not "${found.text}"`, found.line);
  }
}
