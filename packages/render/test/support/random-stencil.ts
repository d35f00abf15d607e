import fc from 'fast-check';

/*
 * Texts of stencils in all styles of YAML, with comments, blank lines and placeholders wherever they may be. Their values are not known
 * here, since tests compare how two readers read them.
 */

/** Lines of a value, the first of which follows its key or dash. */
type Written = (indent: string) => string;

const word = fc.constantFrom(
  'a',
  'b1',
  'some text',
  'on',
  'no',
  '0777',
  '1e3',
  '.5',
  '~',
  'null',
  '22:22',
  'x:y',
  'a#b',
  "it's",
  '-1',
  '+1',
  '1_000',
  '2024-01-02',
  'http://x/y?z=1&a',
  '$HOME',
  '(x)',
  'a, b',
  'x - y',
  '=',
  '%d',
  '!x'.slice(1),
  '\u00e9\u{1F600}',
);
const flowWord = fc.constantFrom('a', 'some text', 'yes', '0x1F', '1.5', 'x/y', 'a@b', '-1', '~');
const quotedText = fc.constantFrom(
  '',
  'x',
  'a: b # c',
  '- x',
  '{}',
  'it',
  '0777',
  'yes',
  '  x  ',
  '---',
  '$${a}',
  'a\\tb'.replaceAll('\\', ''),
);
const placeholder = fc.constantFrom(
  '${config.word}',
  '${config.number}',
  '${config.flag}',
  '${config.lines}',
  '${config.odd}',
);
const anyPlaceholder = fc.oneof(
  placeholder,
  fc.constantFrom('${config.list}', '${config.map}', '${config.nothing}', '${config.empty}'),
);
const comment = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' # beside', ' #', '   # a: b "\'{[') },
);
const above = fc.oneof(
  { weight: 5, arbitrary: fc.constant([] as string[]) },
  { weight: 1, arbitrary: fc.constantFrom(['# above'], ['', '# above: x', ''], [''], ['#']) },
);

const quoted = fc.oneof(
  fc.oneof(quotedText, placeholder).map(text => `"${text}"`),
  fc.tuple(quotedText, placeholder).map(([text, filled]) => `'${text}${filled} y'`),
  quotedText.map(text => `'${text}'`),
);
const flowScalar = fc.oneof(flowWord, quoted);
const { flow } = fc.letrec<{ flow: string }>(tie => ({
  flow: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    flowScalar,
    fc.array(tie('flow'), { maxLength: 3 }).map(items => `[${items.join(', ')}]`),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', '"c d"', "'e'", 'on'), { maxLength: 3 })
      .chain(keys => fc.tuple(...keys.map(key => tie('flow').map(value => `${key}: ${value}`))))
      .map(entries => `{ ${entries.join(', ')} }`),
  ),
}));

const blockHeader = fc.constantFrom('|', '|-', '|+', '>', '>-', '>+');
const blockLine = fc.oneof(
  fc.constantFrom('text', '# no comment', '  deeper', '', 'a: b', '- x', '$${x}', 'x\ty'),
  placeholder,
);
const block: fc.Arbitrary<Written> = fc
  .tuple(blockHeader, comment, fc.array(blockLine, { minLength: 1, maxLength: 4 }))
  .map(([header, beside, lines]) => indent => {
    const text = ['first', ...lines].map(line => (line === '' ? '' : `${indent}  ${line}`));
    return ` ${header}${beside}\n${text.join('\n')}\n`;
  });

const scalar: fc.Arbitrary<Written> = fc
  .tuple(
    fc.oneof(
      word,
      quoted,
      anyPlaceholder,
      placeholder.map(text => `x ${text} y`),
      flow,
      fc.constant(''),
    ),
    comment,
  )
  .map(
    ([text, beside]) =>
      () =>
        `${text === '' ? '' : ` ${text}`}${beside}\n`,
  );

const key = fc.constantFrom('a', 'b-c', 'on', '0777', '"d e"', "'f: g'", 'h.i/j', '1.5', '"#"', 'k');

/** The lines of a map's entries. */
function mapOf(value: fc.Arbitrary<Written>, minLength: number): fc.Arbitrary<Written> {
  return fc
    .uniqueArray(key, { minLength, maxLength: 4 })
    .chain(keys => fc.tuple(...keys.map(name => fc.tuple(fc.constant(name), above, value))))
    .map(
      entries => indent =>
        entries
          .map(([name, lines, written]) => `${linesOf(lines, indent)}${indent}${name}:${written(indent)}`)
          .join(''),
    );
}

function linesOf(lines: readonly string[], indent: string): string {
  return lines.map(line => (line === '' ? '\n' : `${indent}${line}\n`)).join('');
}

const nodes = fc.letrec(tie => {
  const part = (name: 'value' | 'map' | 'list'): fc.Arbitrary<Written> => tie(name) as fc.Arbitrary<Written>;
  return {
    value: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      scalar,
      block,
      fc.tuple(comment, part('map')).map(
        ([beside, written]): Written =>
          indent =>
            `${beside}\n${written(`${indent}  `)}`,
      ),
      fc.tuple(comment, fc.boolean(), part('list')).map(
        ([beside, isIndented, written]): Written =>
          indent =>
            `${beside}\n${written(isIndented ? `${indent}  ` : indent)}`,
      ),
    ),
    map: mapOf(part('value'), 1),
    list: fc.array(fc.tuple(above, fc.oneof(part('value'), part('map'))), { minLength: 1, maxLength: 3 }).map(
      (items): Written =>
        indent =>
          items
            .map(([lines, written]) => `${linesOf(lines, indent)}${indent}-${itemOf(written, indent)}`)
            .join(''),
    ),
  };
});
const map = nodes.map as fc.Arbitrary<Written>;

/** A map that is an item begins after its dash; everything else is as after a key. */
function itemOf(written: Written, indent: string): string {
  const text = written(`${indent}  `);
  return text.startsWith(`${indent}  `) && !/^\s*#/.test(text) ? ` ${text.trimStart()}` : text;
}

/** The lines of `spec`, indented by two spaces. */
export const randomSpec: fc.Arbitrary<string> = mapOf(
  fc.oneof(
    scalar,
    block,
    map.map(
      (written): Written =>
        indent =>
          `\n${written(`${indent}  `)}`,
    ),
  ),
  2,
).map(written => written('  '));

/** The values of the placeholders. */
export const specValues = {
  word: 'plain',
  number: 5432,
  flag: true,
  lines: 'one\n  two\n\n# three\n',
  odd: '"\'{}[]: # \\ \u{FEFF}',
  list: [1, 'two', { three: [3] }],
  map: { a: 1, b: { c: 'yes' }, d: [] },
  nothing: null,
  empty: {},
};
