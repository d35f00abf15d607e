import fc from 'fast-check';
import { image, instruction, joined, line, NAMES, often, one, rarely } from './random-instructions.ts';

/** A Dockerfile and its build arguments. */
export interface Question {
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
}

const HEADERS = [
  '# escape=`',
  '# escape=\\',
  '# ESCAPE = `',
  ' # escape=`',
  '# syntax=docker/dockerfile:1',
  '# comment',
  '',
  '#!/bin/x',
  '# check=skip=all',
  '\ufeff# escape=`',
  '# unknown=1',
];

const VALUES = [
  '1',
  'abab',
  '',
  'one',
  'a*b',
  '"q"',
  "'r'",
  'x\\\\y',
  '$A',
  '${B:-z}',
  'two',
  'a-a',
  '"s t"',
];

const globals = fc.array(
  line(joined(one(['ARG A=', 'ARG A=', 'ARG B=', 'ARG TARGETARCH=', 'ARG A B=']), one(VALUES))),
  { maxLength: 3 },
);

const stageLine = joined(
  one(['FROM ', 'FROM ', 'FROM ', 'from ', 'From ']),
  rarely(
    one([
      '--platform=$BUILDPLATFORM ',
      '--platform=linux/amd64 ',
      '--platform="linux/arm64" ',
      '--platform=${UNSET} ',
    ]),
  ),
  fc.oneof({ weight: 3, arbitrary: image }, { weight: 1, arbitrary: one([...NAMES, 'build']) }),
  often(joined(one([' AS ', ' as ', ' As ', '\tAS  ']), one([...NAMES, 'build', 'Base', 'one']))),
  rarely(one(['', '', '', '', ' IN x', ' AS', ' x'])),
);

const stage = fc
  .tuple(line(stageLine), fc.array(line(instruction), { maxLength: 5 }))
  .map(([first, more]) => [first, ...more].join('\n'));

/** Dockerfiles of which about half are valid, with lines that look like what they are not. */
export const dockerfiles: fc.Arbitrary<Question> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(one(HEADERS), { maxLength: 2 }) },
    ),
    globals,
    fc.array(stage, { minLength: 1, maxLength: 3 }),
    fc.dictionary(one(['A', 'B', 'TARGETARCH']), one(['1', 'two', 'abab', '$A', '']), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    one(['\n', '\n', '\n', '\r\n']),
  )
  .map(([head, first, stages, args, end]) => ({
    dockerfile: `${[...head, ...first, ...stages].join('\n')}\n`.replace(/\r?\n/g, end),
    args,
  }));
