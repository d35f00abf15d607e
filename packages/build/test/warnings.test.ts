import { describe, expect, it } from '@jest/globals';
import { parseWarnings } from '../src/warnings.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const warning = (text: string) => ({ vertex: 'sha256:1', level: 1, short: base64(text) });

describe('the warnings of a build', () => {
  it('are read from the metadata of buildx and from the trace of buildctl', () => {
    const metadata = JSON.stringify({ 'buildx.build.warnings': [warning('one')], other: 1 });
    const events = [{ vertexes: [] }, { warnings: [warning('two'), warning('three')] }];
    const trace = events.map(event => `${JSON.stringify(event)}\n`).join('');
    expect(parseWarnings(metadata, trace)).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['no files', '', ''],
    ['a cut file', '{"buildx.build.war', '{"warnings": [{"short": "b25'],
    ['values of another kind', '{"buildx.build.warnings": 1}', '[]\n{"warnings": [1, {"short": 2}]}'],
  ])('are left out of %s', (_name, metadata, trace) => {
    expect(parseWarnings(metadata, trace)).toEqual([]);
  });
});
