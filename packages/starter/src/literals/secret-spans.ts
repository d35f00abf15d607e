import { isWrittenOut } from './stand-ins.ts';

/** A part of a text that looks like a secret. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** What the text calls it, such as `db.password`. */
  readonly name: string;
}

/** What only secrets look like, by the prefixes and forms that their issuers document. */
const FORMS: readonly RegExp[] = [
  /\b(?<secret>AKIA[0-9A-Z]{16})\b/dg,
  /\b(?<secret>gh[pousr]_[A-Za-z0-9]{36,})\b/dg,
  /\b(?<secret>github_pat_[A-Za-z0-9_]{60,})\b/dg,
  /\b(?<secret>glpat-[A-Za-z0-9_-]{20,})/dg,
  /\b(?<secret>xox[abeoprs]-[A-Za-z0-9-]{10,})/dg,
  /\b(?<secret>[sr]k_(?:live|test)_[A-Za-z0-9]{16,})/dg,
  /\b(?<secret>npm_[A-Za-z0-9]{36})\b/dg,
  /\b(?<secret>AIza[0-9A-Za-z_-]{35})\b/dg,
  /(?<secret>-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----)/dg,
  /\b(?<secret>eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})/dg,
  // A token in a header, which has a digit, as words have none.
  /\bBearer\s+(?<secret>(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*)/dgi,
  /\bAuthorization["']?\s*[:=]\s*["']?Basic\s+(?<secret>[A-Za-z0-9+/]{8,}={0,2})/dgi,
];
/** A password in an address. The lengths are bounded, since a text of dots would be searched again from each of them. */
const ADDRESS = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/?#@]{0,200}:(?<secret>[^\s/?#@${<]{2,500})@/dgi;

/** Names whose values are secrets where they are written into a longer text; `auth` and `secret` name too much else there. */
const NAMES =
  /(?:^|[._-])(?:passw(?:or)?d|passwd|pwd|passphrase|token|api[_-]?key|(?:secret[_-]?)?access[_-]?key|account[_-]?key|client[_-]?secret|secret[_-]?key|auth[_-]?ident)$|^_auth$/i;

/** What is shorter is a word of a sentence. */
const SHORTEST = 4;

/** What is behind a name: in quotes, which JSON in a text has with a backslash, or a word. */
const VALUE = String.raw`(?:\\?"(?<double>[^"\\\n]+)|'(?<single>[^'\n]+)'|(?<plain>[^\s;,&"'}\])\\]{1,1000}))`;
/** `name=value`, as a flag, a property or a part of an address has it. */
const EQUALS = new RegExp(String.raw`(?<![\w$/])(?<name>[A-Za-z_][\w.-]{0,80})\s*=\s*(?=${VALUE})`, 'dg');
/** `name: value` of YAML and JSON, whose value ends there: in a sentence, more words follow. An image has no space before its tag. */
const COLON = new RegExp(
  String.raw`(?<![\w$/])(?<name>[A-Za-z_][\w.-]{0,80})(?:\\?["']\s*:\s*|:\s+)(?=${VALUE}\\?["']?\s*(?:[;,}\])#]|$))`,
  'dgm',
);

/** The parts of a text that look like secrets, in their order, none of which overlaps another. */
export function secretSpans(text: string): readonly SecretSpan[] {
  const formed = FORMS.flatMap(form => spansOf(text, form, 'token'));
  const addressed = spansOf(text, ADDRESS, 'password');
  const named = [EQUALS, COLON].flatMap(pair => namedSpans(text, pair, isSecretName)).filter(isLong);
  return apart([...formed, ...addressed, ...named]);
}

function isLong({ start, end }: SecretSpan): boolean {
  return end - start >= SHORTEST;
}

/** The same where a text is a command, whose flags have their values behind a space, too. */
export function secretSpansInCommand(text: string): readonly SecretSpan[] {
  const flagged = namedSpans(text, FLAG, isSecretFlag);
  return apart([...secretSpans(text), ...flagged, ...spansOf(text, LOGIN, 'password')]);
}

const FLAG = new RegExp(
  String.raw`(?<![\w-])--?(?<name>[A-Za-z][\w-]{0,80})(?:\s+|=)(?!-)(?=${VALUE})`,
  'dg',
);
/** The user and the password of curl. */
const LOGIN = /\bcurl\s(?:.{0,400}\s)?(?:-u|--user)[ =]?["']?[^\s:"'$]+:(?<secret>[^\s"'$]+)/dg;

/** Whether the word behind a flag is a secret, where it is one at all. */
export function isSecretFlag(name: string): boolean {
  return isSecretName(name) || /^(?:requirepass|masterauth|pass|client-secret|secret)$/.test(name);
}

function isSecretName(name: string): boolean {
  return NAMES.test(snakeCase(name));
}

/** `apiKey` as `api_Key`, so that its words are found. */
export function snakeCase(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2');
}

function spansOf(text: string, form: RegExp, name: string): SecretSpan[] {
  return [...text.matchAll(form)].flatMap(({ indices }) => {
    const [start, end] = indices?.groups?.['secret'] ?? [];
    return start === undefined || end === undefined ? [] : [{ start, end, name }];
  });
}

function namedSpans(text: string, pair: RegExp, isSecret: (name: string) => boolean): SecretSpan[] {
  return [...text.matchAll(pair)].flatMap(({ groups = {}, indices }) => {
    const { name = '' } = groups;
    const kind = ['double', 'single', 'plain'].find(one => groups[one] !== undefined) ?? '';
    const [start, end] = indices?.groups?.[kind] ?? [];
    if (start === undefined || end === undefined) return [];
    return isSecret(name) && isWrittenOut(groups[kind] ?? '') ? [{ start, end, name }] : [];
  });
}

function apart(spans: readonly SecretSpan[]): readonly SecretSpan[] {
  const found: SecretSpan[] = [];
  for (const span of spans.toSorted((one, other) => one.start - other.start || other.end - one.end))
    if (span.start >= (found.at(-1)?.end ?? 0)) found.push(span);
  return found;
}
