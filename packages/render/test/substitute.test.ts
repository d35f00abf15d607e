import { describe, expect, it } from '@jest/globals';
import { config, configMap, problemsOf, rendered, renderedData, shop, snapshot } from './support/shop.ts';

const values = `
"*.*":
  text: some text
  port: 5432
  big: 9007199254740993
  ratio: 0.5
  yes: "yes"
  flag: true
  nothing: null
  list: [1, two, {three: 3}]
  map: {a: 1, b: {c: true}}
  empty: {}
  tricky: "a: b\\n# no comment\\n- \${config.text}"
`;

describe('a placeholder takes the type of its value', () => {
  it.each([
    ['that is the whole unquoted scalar', 'v: ${config.port}', 5432],
    ['an integer beyond 2^53', 'v: ${config.big}', 9007199254740993n],
    ['a fraction', 'v: ${config.ratio}', 0.5],
    ['a boolean', 'v: ${config.flag}', true],
    ['null', 'v: ${config.nothing}', null],
    ['text that looks like a boolean', 'v: ${config.yes}', 'yes'],
    ['a list', 'v: ${config.list}', [1, 'two', { three: 3 }]],
    ['a map', 'v: ${config.map}', { a: 1, b: { c: true } }],
    ['an empty map', 'v: ${config.empty}', {}],
    ['the map of all words below a prefix', 'v: ${config.map.b}', { c: true }],
  ])('%s', async (_name, data, expected) => {
    expect(await renderedData(data, values)).toEqual({ v: expected });
  });
});

describe('a placeholder is text', () => {
  it.each([
    ['in double quotes', 'v: "${config.port}"', '5432'],
    ['in single quotes', "v: '${config.flag}'", 'true'],
    ['within other text', 'v: http://${config.text}:${config.port}/', 'http://some text:5432/'],
    ['in a literal block', 'v: |\n  port=${config.port}\n  x\n', 'port=5432\nx\n'],
    ['in a folded block', 'v: >-\n  ${config.port}\n', '5432'],
    ['with a tag', 'v: !!str ${config.port}', '5432'],
    ['in braces', 'v: {a: "${config.port}"}', { a: '5432' }],
    ['exactly, for large integers', 'v: "${config.big}"', '9007199254740993'],
  ])('%s', async (_name, data, expected) => {
    expect(await renderedData(data, values)).toEqual({ v: expected });
  });
});

describe('text that is not a placeholder is kept', () => {
  it.each([
    ['$${ is a literal ${', 'v: a $${config.text} $${', 'a ${config.text} ${'],
    ['a dollar sign', 'v: $HOME costs 5$', '$HOME costs 5$'],
    ['a value that holds a placeholder', 'v: ${config.tricky}', 'a: b\n# no comment\n- ${config.text}'],
    ['a comment', 'v: x # ${config.nowhere}', 'x'],
    ['$${ in a key', '"$${a}": x', undefined],
  ])('%s', async (_name, data, expected) => {
    const result = (await renderedData(data, values)) as Record<string, unknown>;
    if (expected === undefined) expect(result).toEqual({ '${a}': 'x' });
    else expect(result).toEqual({ v: expected });
  });

  it('an anchor and its aliases are each filled', async () => {
    expect(await renderedData('a: &a "${config.port}"\nb: *a', values)).toEqual({ a: '5432', b: '5432' });
  });
});

describe('fixed words', () => {
  it.each([
    ['v: "${application} ${formation} ${destination} ${namespace}"', 'shop staging main shop-staging'],
    ['v: ${image.api}', `registry.example/shop/api@sha256:${'1'.repeat(64)}`],
    ['v: "${tag} ${git.sha}"', `20261121-1 ${'a'.repeat(40)}`],
    ['v: ${tag}', '20261121-1'],
  ])('%s', async (data, expected) => {
    expect(await renderedData(data, '', { snapshot })).toEqual({ v: expected });
  });

  it('without a snapshot images, tag and revision are marked unresolved', async () => {
    expect(await renderedData('v: "${image.api} ${tag} ${git.sha}"')).toEqual({
      v: 'registry.example/shop/api:unresolved unresolved unresolved',
    });
    expect((await rendered()).rendered.snapshot).toBeUndefined();
  });
});

describe('a placeholder is refused', () => {
  it.each([
    [
      'in a key',
      '"a-${config.port}": x',
      'word-in-key stencils/config.yaml:6:6: the placeholder "${config.port}" is in a key; move it into the value, or replace the whole map with an unquoted placeholder',
    ],
    [
      'that has no closing }',
      'v: "x ${config.port"',
      'word-unterminated stencils/config.yaml:6:9: the placeholder "${config.port" has no closing }; add }, or write $${ for a literal ${',
    ],
    [
      'with a space in it',
      'v: "${config port}"',
      'word-malformed stencils/config.yaml:6:7: "${config port}" is not a placeholder; write dotted words of letters, digits, _ and -, or $${ for a literal ${',
    ],
    [
      'with an unknown word',
      'v: ${imag.api}',
      'word-unknown stencils/config.yaml:6:6: unknown word "imag.api"; did you mean "image.api"?',
    ],
    [
      'with an unknown service',
      'v: ${image.apii}',
      'word-unknown stencils/config.yaml:6:6: unknown word "image.apii"; did you mean "image.api"?',
    ],
    [
      'with a misspelled word of the config',
      'v: a ${config.prot}',
      'word-unvalued stencils/config.yaml:6:8: "config.prot" has no value for main.staging (tried main.staging.prot, main.*.prot, *.staging.prot, *.*.prot); did you mean "config.port"?',
    ],
    [
      'with a word that has no value',
      'v: ${config.something.else}',
      'word-unvalued stencils/config.yaml:6:6: "config.something.else" has no value for main.staging (tried main.staging.something.else, main.*.something.else, *.staging.something.else, *.*.something.else); add one of these addresses to the config',
    ],
    [
      'with only a root',
      'v: ${config}',
      'word-unknown stencils/config.yaml:6:6: unknown word "config"; known: tag, formation, application, namespace, destination, git.sha, spawn, image.…, config.…, secret.…; write $${config} for the text itself',
    ],
    [
      'that is the variable of a script',
      'v: |\n  echo ${USER}\n',
      'word-unknown stencils/config.yaml:7:10: unknown word "USER"; known: tag, formation, application, namespace, destination, git.sha, spawn, image.…, config.…, secret.…; write $${USER} for the text itself',
    ],
    [
      'that is nearly a known one',
      'v: ${tagg}',
      'word-unknown stencils/config.yaml:6:6: unknown word "tagg"; did you mean "tag"? Or write $${tagg} for the text itself',
    ],
    [
      'that puts a list into text',
      'v: "${config.list}"',
      'word-not-text stencils/config.yaml:6:7: "config.list" is a list, which cannot be part of a text; write the placeholder unquoted as the whole value, or use a text or number',
    ],
    [
      'that puts a map into text',
      'v: x${config.map}',
      'word-not-text stencils/config.yaml:6:7: "config.map" is a map, which cannot be part of a text; write the placeholder unquoted as the whole value, or use a text or number',
    ],
    [
      'that puts null into text',
      'v: "${config.nothing}"',
      'word-not-text stencils/config.yaml:6:7: "config.nothing" is null, which cannot be part of a text; write the placeholder unquoted as the whole value, or use a text or number',
    ],
    [
      'with a secret outside a Secret',
      'v: ${secret.password}',
      'word-unvalued stencils/config.yaml:6:6: "secret.password" has no secret reference for main.staging (tried main.staging.password, main.*.password, *.staging.password, *.*.password); add one of these addresses to the config',
    ],
  ])('%s', async (_name, data, expected) => {
    expect(await problemsOf(() => renderedData(data, values))).toEqual([expected]);
  });

  it('on its line of a block', async () => {
    const [problem] = await problemsOf(() => renderedData('v: |\n  a\n  $${b} ${config.nope}\n', values));
    expect(problem).toMatch(/^word-unvalued stencils\/config\.yaml:8:11:/);
  });

  it('together with all others of the repository', async () => {
    const problems = await problemsOf(() =>
      rendered({
        'stencils/config.yaml': configMap('a: ${one}\nb: ${two}'),
        'stencils/other.yaml': configMap('a: ${three}', 'other'),
      }),
    );
    expect(problems).toHaveLength(3);
  });

  it('when the snapshot does not have what it names', async () => {
    const { gitRevision: _, ...rest } = { ...snapshot, images: {} };
    expect(
      await problemsOf(() => renderedData('a: ${image.api}\nb: ${git.sha}', '', { snapshot: rest })),
    ).toEqual([
      'snapshot-incomplete stencils/config.yaml:6:6: the snapshot "20261121-1" has no image of the service "api"; build the application again',
      'snapshot-incomplete stencils/config.yaml:7:6: the snapshot "20261121-1" has no Git revision; build the application from a Git checkout',
    ]);
  });
});

describe('a number or boolean within a text is spelled as it is written', () => {
  const spelled = { version: '1.10', mode: '0o17', rate: '1e3', flag: 'True' };
  const written = Object.entries(spelled)
    .map(([word, text]) => `"*.*.${word}": ${text}`)
    .join('\n');

  it.each(Object.entries(spelled))('%s: %s', async (word, text) => {
    const data = `part: a-\${config.${word}}\nquoted: "\${config.${word}}"`;
    expect(await renderedData(data, written)).toEqual({ part: `a-${text}`, quoted: text });
  });

  it('also if it is set for the run', async () => {
    const set = { version: '2.50' };
    expect(await renderedData('v: v${config.version}', written, { set })).toEqual({ v: 'v2.50' });
  });

  it('and is a number where it is the whole unquoted value', async () => {
    expect(await renderedData('v: ${config.version}', written)).toEqual({ v: 1.1 });
  });
});

it('values set for the run win, and are typed as YAML', async () => {
  const set = { port: '1', text: 'a: b', list: '[x, 2]', map: '{a: 3}', yes: '"no"' };
  const data = 'port: ${config.port}\ntext: ${config.text}\nlist: ${config.list}\n"yes": ${config.yes}';
  expect(await renderedData(data, values, { set })).toEqual({
    port: 1,
    text: 'a: b',
    list: ['x', 2],
    yes: 'no',
  });
});

it('a value set for the run wins inside a map too', async () => {
  const set = { 'map.b.c': 'false' };
  expect(await renderedData('v: ${config.map}', values, { set })).toEqual({ v: { a: 1, b: { c: false } } });
});

it('reads the config of the repository that it gets', async () => {
  const repository = await shop({ 'config/a.yaml': config('"*.*.a": 1') });
  expect(repository.values.entries).toHaveLength(1);
});
