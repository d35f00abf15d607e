import { describe, expect, it } from '@jest/globals';
import { readStages } from '../src/run/stages.ts';

describe('the stages', () => {
  it('are one configuration with every include in its place, indented like its line', async () => {
    const text = await readStages();
    expect(text.match(/^kind: Stage$/gm)).toHaveLength(3);
    expect(text).not.toContain('# include ');
    expect(text).toMatch(/^ {10}def env_of\(/m);
    expect(text).toMatch(/^ {6}\{\{- define "wanted" -\}\}$/m);
  });
});
