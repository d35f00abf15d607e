import fc from 'fast-check';

export const NAMES = ['base', 'Build', 'next', 'tools-1'];

const IMAGES = [
  'one',
  'two:2',
  'three/x',
  'r.example:5000/four/y:1.2',
  'localhost/five',
  `six@sha256:${'0'.repeat(64)}`,
];

/** Marks that are comments as lines, so that the file stays valid whether they end something or not. */
const MARKS = ['#EOF', '#END', '#END-1', '#e.o.f', '#Q'];

/** Words in front of which a here-document may or may not begin. */
const SCRAPS = [
  'a', '.', '"b c"', "'d'", '\\', '\\\\', '`', '<<#EOF', '<<-#END', '<<"#Q"', "<<'#Q'", '<< #EOF', '<<<hello', '<<<"#x"',
  '$((1<<BITS))', '$((1<<#B))', '${X:-y}', '$X', '3<<#EOF', '<<#EOF<<#END', '<<#EOF;', '&&', '#', '"<<#EOF"', "'<<#EOF'", '${X:-a <<#EOF}',
  'x${X:-"a b"}<<#EOF', '[', '\\"', '\\ ', '--from=hidden', '{}', 'é', '=', 'K=v', '$$', '<', '1<<2', '<<\\#EOF', '<<#E"O"F', '<<#EOF-1', '>f', '<<-',
]; // biome-ignore format: a list of words

/** Lines of here-documents that look like instructions or like an end. */
const HIDDEN = [
  'FROM hidden',
  'COPY --from=hidden a /',
  'RUN --mount=from=hidden,target=/m true',
  'ADD https://hidden.example/x /',
  ' #EOF',
  '#EOF ',
  '',
  '# x',
  'text \\',
  'END',
  '\t#Q',
];

/** What is seen or swallowed, and valid in any case. */
const PROBES = ['COPY --from=probe-1 a /', 'RUN --mount=from=probe-2,target=/m true', 'FROM probe-3', ''];

const OPERATORS = [
  '', '', ':-one', '-two', ':+one', '+two', '#a', '##*b', '%b', '%%b*', '#?', '%?b', '#\\*', ':-${A}', ':-"x y"', '#*a*b', '/a/b', '//a/b', ':?no', '?no', '#"a"',
  ':-\\}', '%%*', '^', '#[a]', '%a*', '##a*a', '%-*', '##*-', "-'q'",
]; // biome-ignore format: a list of words

const VARIABLES = ['A', 'A', 'B', 'B', 'UNSET', 'TARGETARCH', 'BUILDPLATFORM', 'TARGETVARIANT'];

export const one = (items: readonly string[]) => fc.constantFrom(...items);

export const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map(texts => texts.join(''));

const fixed = (text: string) => fc.constant(text);

export const often = (text: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: text }, { weight: 2, arbitrary: fixed('') });

export const rarely = (text: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 1, arbitrary: text }, { weight: 11, arbitrary: fixed('') });

const scraps = joined(
  fc.array(one(SCRAPS), { minLength: 1, maxLength: 4 }).map(words => words.join(' ')),
  rarely(one([" it's", ' "', ' ${'])),
);

const variable = fc.oneof(
  joined(fixed('$'), one(VARIABLES)),
  joined(fixed('${'), one(VARIABLES), one(OPERATORS), fixed('}')),
);

export const image = fc.oneof(
  { weight: 16, arbitrary: one(IMAGES) },
  { weight: 4, arbitrary: joined(fixed('v'), variable) },
  { weight: 1, arbitrary: joined(variable, fixed('w')) },
  { weight: 1, arbitrary: variable },
  {
    weight: 1,
    arbitrary: one([
      '"one"',
      "'two'",
      'o\\ne',
      'One',
      'a:b:c',
      'x/',
      '0',
      'scratch',
      'Scratch',
      '$',
      'a__b',
      'a._b',
      'X.y/z',
    ]),
  },
);

const source = fc.oneof(
  { weight: 8, arbitrary: one(IMAGES) },
  { weight: 3, arbitrary: one(NAMES) },
  { weight: 2, arbitrary: one(['0', '0', '1', '+0', '00', 'scratch', '']) },
  {
    weight: 1,
    arbitrary: one(['7', '"one"', "'two'", 'o\\ne', '$A', '${A:-b}', 'a b', 'é', '-1', '\\0', 'One']),
  },
);

const mountFields = fc.oneof(
  {
    weight: 8,
    arbitrary: joined(
      one([
        'from=',
        'FROM=',
        'type=bind,from=',
        'type=cache,target=/c,From=',
        'target=/m,source=/,from=',
        'type=bind,FROM=',
      ]),
      source,
      one(['', ',target=/n', ',ro', ',rw']),
    ),
  },
  {
    weight: 2,
    arbitrary: one([
      'type=cache,target=/x',
      'type=tmpfs,target=/t',
      'type=secret,id=x',
      'type=ssh',
      "'type=bind,target=/m,from=three/x'",
      '"from=one",target=/m',
      '\\"from=one\\",target=/m',
      'from=one,from=two:2',
    ]),
  },
  {
    weight: 1,
    arbitrary: one(['x', 'from', '', '"""from""=one"', '\\"from=o\\"\\"ne\\"', '\\"from=one', 'type=x']),
  },
);

const mount = mountFields.map(
  fields => `--mount=${/target|ssh|secret/.test(fields) ? '' : 'target=/mnt,'}${fields} `,
);

const from = fc
  .tuple(one(['', '', '"', "'"]), source)
  .map(([quote, name]) => `--from=${quote}${name}${quote} `);

export const flag = one([
  '--link ', '--chown=1 ', '--link=false ', '--chmod=755 ', '--exclude=a --exclude=b ', '--chown="a b" ', '--unknown ', '-- ', '--link --link ', '--from ',
]); // biome-ignore format: a list of words

const url = one([
  'https://x.example/y', '"https://x.example/y"', 'http://x.example/z.git', 'git@x.example:y/z.git', 'ssh://git@x.example/y', 'git://x.example/y', '${A}', 'dir/${A}',
  'a${A}', 'ht"tp://x.example/y"', './git@x:y', 'github.com/x/y', 'plain', 'plain', 'https:/x', '\\https://x.example/y', './*.txt', 'me@host', "'git@x.example:y'",
]); // biome-ignore format: a list of words

/** An instruction, and behind it a line for each here-document that it may announce. */
const probed = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(one(PROBES), { minLength: 6, maxLength: 6 })).map(([start, probes]) => {
    const marks = [...start.matchAll(/<<-?\s*["'\\]?(#[\w-]+(?:"O"F)?[;}]?)/g)].map(([, mark = '']) =>
      mark.replaceAll('"', ''),
    );
    return [start, ...marks.flatMap((mark, index) => [probes[index] ?? '', mark])].join('\n');
  });

const document = fc
  .record({
    mark: one(MARKS),
    dash: one(['', '-']),
    quote: one(['', '"', "'"]),
    content: fc.array(one(HIDDEN), { maxLength: 3 }),
    start: one(['RUN ', 'RUN cat ', 'COPY ', 'ADD ', 'ONBUILD RUN ', 'run ', 'RUN 3']),
  })
  .map(({ mark, dash, quote, content, start }) => {
    const target = /COPY|ADD/.test(start) ? ' /x' : '';
    const end = dash === '-' && content.length > 1 ? `\t${mark}` : mark;
    return [`${start}<<${dash}${quote}${mark}${quote}${target}`, ...content, end].join('\n');
  });

const SIMPLE = [
  'CMD ["a", "b"]',
  'RUN ["<<#EOF"]',
  'SHELL ["sh"]',
  'HEALTHCHECK NONE',
  'HEALTHCHECK --interval=5s --retries=2 CMD x',
  'VOLUME ["/a"]',
  'COPY ["a b", "/"]',
  'ARG A',
  'ARG A=1 B=2',
  'ENV A=1 B="2 3"',
  'EXPOSE 80 443/udp',
  'RUN --network=none true',
  '',
  '# comment',
];

const WRONG = [
  'HEALTHCHECK --interval=x CMD y',
  'HEALTHCHECK x',
  'COPY ["a", 1]',
  'COPY a',
  'LABEL x',
  'LABEL =x',
  'RUN --network=x true',
  'RUN --security=x true',
  'ONBUILD',
  'ONBUILD FROM a',
  'ONBUILD ONBUILD RUN a',
  'UNKNOWN x',
  'SHELL sh',
  'ENV',
  'MAINTAINER',
  'VOLUME [""]',
  'ADD ["a"]',
  '\\',
];

const WITH_TEXT = [
  'CMD ',
  'ENTRYPOINT ',
  'ENV X ',
  'LABEL a ',
  'USER ',
  'WORKDIR ',
  'VOLUME ',
  'ARG ',
  'MAINTAINER ',
  'HEALTHCHECK CMD ',
];

export const instruction: fc.Arbitrary<string> = fc.oneof(
  { weight: 80, arbitrary: probed(joined(fixed('RUN '), often(mount), rarely(mount), scraps)) },
  { weight: 30, arbitrary: probed(joined(fixed('COPY '), rarely(flag), often(from), scraps, fixed(' /'))) },
  { weight: 30, arbitrary: joined(fixed('COPY '), from, rarely(flag), fixed('x /')) },
  { weight: 15, arbitrary: joined(fixed('ADD '), rarely(flag), url, fixed(' /')) },
  { weight: 5, arbitrary: url.map(text => `ADD ${JSON.stringify([text, '/'])}`) },
  { weight: 50, arbitrary: document },
  { weight: 20, arbitrary: probed(joined(one(WITH_TEXT), scraps)) },
  { weight: 10, arbitrary: probed(joined(one(['ENV X=', 'LABEL a=', 'ARG A=']), one(SCRAPS))) },
  { weight: 20, arbitrary: one(SIMPLE) },
  { weight: 2, arbitrary: one(WRONG) },
  { weight: 8, arbitrary: joined(fixed('ONBUILD COPY '), from, fixed('x /')) },
  { weight: 8, arbitrary: probed(joined(one(['ONBUILD RUN ', 'onbuild run ']), mount, scraps)) },
  { weight: 4, arbitrary: joined(fixed('ONBUILD ADD '), url, fixed(' /')) },
);

/** What may be between the words of an instruction, and at its end. */
const JOINTS = [
  ' \\\n',
  ' \\\n  # comment\n',
  ' \\\n\n',
  '\\ \t\n',
  ' \\\r\n',
  '\t',
  ' \\\n   ',
  ' `\n',
  '\\\\\n',
  '\u00a0',
  '\u3000',
  ' \\\n#x\n#y \\\n',
];
const ENDS = [
  ' ',
  '\t',
  ' \\',
  '\\\\',
  ' \\\\\\',
  ' #',
  '\r',
  '"',
  ' <<#EOF',
  "'",
  ' `',
  ' \\\n#\n',
  ' \\\n\n',
  '\\\\ ',
];

/** A line that is, once in a while, continued, ended or written in an unusual way. */
export const line = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.nat(999), one(JOINTS), one(ENDS), fc.nat()).map(([start, chance, joint, end, at]) => {
    if (chance < 15) return start.replace(/(?=\n|$)/, end);
    if (chance < 60) return start.replace(/^\w+/, word => word.toLowerCase());
    if (chance < 80) return `${' \t'.charAt(at % 2)}${start}`;
    if (chance > 160) return start;
    const spaces = [...start.matchAll(/ /g)];
    const space = spaces[at % Math.max(1, spaces.length)]?.index ?? start.length;
    return `${start.slice(0, space)}${joint}${start.slice(space + 1)}`;
  });
