import { describe, expect, it } from '@jest/globals';
import { neutraliseCommands } from '@slipway/github';

describe('foreign text in the log', () => {
  it.each(['::set-output name=a::b', '  ::add-path::/x', 'ok\r::error::x', '##[error]x', 'a ##[group]b'])(
    '%j is not a command',
    text => {
      const lines = neutraliseCommands(text).split('\n');
      expect(lines.some(line => line.trimStart().startsWith('::') || line.includes('##['))).toBe(false);
    },
  );

  it('keeps text that is not a command', () => {
    expect(neutraliseCommands('a::b\n# c')).toBe('a::b\n# c');
  });
});
