import { describe, expect, it } from '@jest/globals';
import { withGeneratedName } from '../src/index.ts';

const pod = (image: string, metadata: object = { generateName: 'once-' }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata,
  spec: { containers: [{ name: 'a', image }] },
});

describe('generateName', () => {
  it('becomes a name that its content gives it, the same each time', () => {
    const named = withGeneratedName(pod('a')) as ReturnType<typeof pod>;
    expect(named.metadata).toEqual({ name: expect.stringMatching(/^once-[0-9a-f]{10}$/) });
    expect(withGeneratedName(pod('a'))).toEqual(named);
    expect(withGeneratedName(pod('b'))).not.toEqual({ ...named, spec: pod('b').spec });
  });

  it('is left alone beside a name, and where there is none', () => {
    for (const metadata of [{ name: 'a', generateName: 'b-' }, { name: 'a' }, { generateName: '' }, {}])
      expect(withGeneratedName(pod('a', metadata))).toEqual(pod('a', metadata));
    for (const value of [undefined, null, 'text', { metadata: [] }])
      expect(withGeneratedName(value)).toBe(value);
  });
});
