interface NameForm {
  readonly name: string;
  readonly validate: (text: string) => readonly string[];
  readonly patternLength: number;
}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const OLD_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const KEY = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const VALUE = `(${KEY})?`;

const MAX_LABEL = 63;
const MAX_SUBDOMAIN = 253;

/** Kubernetes' own wording, since policies compare it and use it in their messages. */
const wording = {
  label:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  subdomain:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  oldLabel:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  key: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  value:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
};

function tooLong(limit: number): string {
  return `must be no more than ${limit} bytes`;
}

function mismatch(message: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map(example => `'${example}', `).join(' or ');
  return `${message} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

function matches(text: string, pattern: string): boolean {
  // None of the patterns nests repetitions over the same letters, so a backtracking engine is fast enough within the limits.
  return text.length <= 4096 && new RegExp(`^(?:${pattern})$`).test(text);
}

function lengthProblem(text: string, limit: number): string[] {
  return Buffer.byteLength(text) > limit ? [tooLong(limit)] : [];
}

function label(text: string): string[] {
  const found = lengthProblem(text, MAX_LABEL);
  if (matches(text, LABEL)) return found;
  const dotted = matches(text, SUBDOMAIN);
  return [...found, dotted ? 'must not contain dots' : mismatch(wording.label, LABEL, 'my-name', '123-abc')];
}

function subdomain(text: string): string[] {
  const found = lengthProblem(text, MAX_SUBDOMAIN);
  return matches(text, SUBDOMAIN) ? found : [...found, mismatch(wording.subdomain, SUBDOMAIN, 'example.com')];
}

function oldLabel(text: string): string[] {
  const found = lengthProblem(text, MAX_LABEL);
  return matches(text, OLD_LABEL)
    ? found
    : [...found, mismatch(wording.oldLabel, OLD_LABEL, 'my-name', 'abc-123')];
}

function labelKey(text: string): string[] {
  const parts = text.split('/');
  const form = mismatch(wording.key, KEY, 'MyName', 'my.name', '123-abc');
  if (parts.length > 2)
    return [
      `a valid label key ${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const name = parts.at(-1) ?? '';
  return [
    ...(prefix === undefined ? [] : keyPrefix(prefix).map(problem => `prefix part ${problem}`)),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...lengthProblem(name, MAX_LABEL).map(problem => `name part ${problem}`),
    ...(matches(name, KEY) ? [] : [`name part ${form}`]),
  ];
}

function keyPrefix(prefix: string): string[] {
  return prefix === '' ? ['must be non-empty'] : subdomain(prefix);
}

function labelValue(text: string): string[] {
  const found = lengthProblem(text, MAX_LABEL);
  return matches(text, VALUE)
    ? found
    : [...found, mismatch(wording.value, VALUE, 'MyValue', 'my_value', '12345')];
}

/** What keeps a name from being one segment of a URL's path, as names of objects must be at least. */
export function pathSegmentProblems(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter(letter => name.includes(letter)).map(letter => `may not contain '${letter}'`);
}

/** For the prefix of a name: a dash at its end is allowed. */
function asPrefix(validate: (text: string) => string[]): (text: string) => string[] {
  return text => validate(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);
}

/** Kubernetes' forms of names: https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/api/validate/content/dns.go and its neighbours */
export const nameForms = {
  dns1123Label: { name: 'DNS1123Label', validate: label, patternLength: 30 },
  dns1123Subdomain: { name: 'DNS1123Subdomain', validate: subdomain, patternLength: 60 },
  dns1035Label: { name: 'DNS1035Label', validate: oldLabel, patternLength: 30 },
  qualifiedName: { name: 'QualifiedName', validate: labelKey, patternLength: 60 },
  dns1123LabelPrefix: { name: 'DNS1123LabelPrefix', validate: asPrefix(label), patternLength: 30 },
  dns1123SubdomainPrefix: {
    name: 'DNS1123SubdomainPrefix',
    validate: asPrefix(subdomain),
    patternLength: 60,
  },
  dns1035LabelPrefix: { name: 'DNS1035LabelPrefix', validate: asPrefix(oldLabel), patternLength: 30 },
  labelValue: { name: 'LabelValue', validate: labelValue, patternLength: 40 },
} as const satisfies Readonly<Record<string, NameForm>>;
