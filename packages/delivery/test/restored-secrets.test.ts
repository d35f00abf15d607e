import { describe, expect, it } from '@jest/globals';
import type { Release, Seal } from '@slipway/core';
import { restoredSecretsText } from '../src/guard/restored-secrets.ts';

const seal = (word: string): Seal => ({
  ...{ file: 'a.yaml', document: 0, object: { apiVersion: 'v1', kind: 'Secret', name: 'a' } },
  ...{ pointer: '/data/a', standIn: 'x', word, placement: 'data' },
});

const release = (...words: readonly string[]): Pick<Release, 'number' | 'created' | 'seals'> => ({
  ...{ number: 3, created: '2026-10-29T10:00:00Z', seals: words.map(seal) },
});

describe('what a rollback says of secrets', () => {
  it('names each of them once, and since when the release had it', () => {
    const text = restoredSecretsText(release('db.password', 'api.key', 'db.password'));
    expect(text).toMatch(
      /^Release 3 brings back 2 secrets as they were when it was deployed, 2026-10-29T10:00:00Z: api\.key, db\.password\. /,
    );
  });

  it('has nothing to say of a release without secrets', () => {
    expect(restoredSecretsText(release())).toBeUndefined();
  });

  it('is short and one line, whatever a record contains', () => {
    const words = Array.from({ length: 50 }, (_, index) => `\n::error::${index}${'x'.repeat(500)}`);
    const text = restoredSecretsText(release(...words)) ?? '';
    expect(text).not.toContain('\n');
    expect(text).toContain(' and 40 more');
    expect(text.length).toBeLessThan(1_500);
  });
});
