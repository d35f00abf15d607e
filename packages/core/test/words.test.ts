import { describe, expect, it } from '@jest/globals';
import { parseTemplate, type TemplatePart } from '@slipway/core';

const text = (content: string): TemplatePart => ({ kind: 'text', text: content });
const word = (name: string, offset: number): TemplatePart => ({ kind: 'word', word: name, offset });

const cases: Record<string, { of: string; parts: TemplatePart[]; problems?: [string, number][] }> = {
  'text without placeholders stays': { of: 'a $HOME {x} $', parts: [text('a $HOME {x} $')] },
  'a word alone': { of: '${image.api}', parts: [word('image.api', 0)] },
  'words between text': {
    of: 'postgres://${config.db.host}:${config.db.port}/shop',
    parts: [
      text('postgres://'),
      word('config.db.host', 11),
      text(':'),
      word('config.db.port', 29),
      text('/shop'),
    ],
  },
  'a doubled dollar is a literal': { of: 'echo $${HOME}', parts: [text('echo ${HOME}')] },
  'a dollar before an escape stays': { of: '$$${x}', parts: [text('$${x}')] },
  'an unterminated placeholder is told with its position': {
    of: 'a ${b',
    parts: [],
    problems: [['word-unterminated', 2]],
  },
  'white space in a word is told': { of: '${ a }', parts: [], problems: [['word-malformed', 0]] },
  'a function call is told': { of: 'x${upper(a)}y', parts: [text('xy')], problems: [['word-malformed', 1]] },
  'an empty word is told': { of: '${}', parts: [], problems: [['word-malformed', 0]] },
};

describe('a template', () => {
  it.each(Object.entries(cases))('%s', (_name, { of, parts, problems = [] }) => {
    const template = parseTemplate(of);
    expect(template.parts).toEqual(parts);
    expect(template.problems.map(({ code, offset }) => [code, offset])).toEqual(problems);
  });
});
