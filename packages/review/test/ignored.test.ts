import { describe, expect, it } from '@jest/globals';
import { isFieldPath, isIgnored } from '../src/ignored.ts';

describe('a field that is ignored', () => {
  it.each([
    ['the field itself', 'spec.replicas', 'spec.replicas', true],
    ['a field below it', 'metadata.labels.app', 'metadata.labels', true],
    ['a field above it', 'metadata', 'metadata.labels', false],
    ['a field whose name begins with its name', 'spec.replicasMax', 'spec.replicas', false],
    ['a quoted name', 'metadata.labels["a.b/c"]', 'metadata.labels["a.b/c"]', true],
    ['a quoted name with a quotation mark', 'metadata.labels["a\\"].b"]', 'metadata.labels["a\\"].b"]', true],
    ['any item', 'spec.containers[api].image', 'spec.containers[*].image', true],
    [
      'a part of a name',
      'metadata.annotations["checksum/config"]',
      'metadata.annotations["checksum/*"]',
      true,
    ],
    ['two parts of a name', 'metadata.annotations["a-b-c"]', 'metadata.annotations["a-*-*"]', true],
    [
      'a part that the name does not have',
      'metadata.annotations["a-b"]',
      'metadata.annotations["*c*"]',
      false,
    ],
    ['a path without a field', 'spec.replicas', '.', false],
    ['a star that would have to span two steps', 'spec.template.spec', 'spec.*spec', false],
  ])('%s', (_, path, pattern, expected) => {
    expect(isIgnored(path, [pattern])).toBe(expected);
  });
});

describe('the path of a field', () => {
  it.each(['spec.replicas', 'spec.containers[*].image', 'metadata.labels["a.b/c"]', '*', 'data["a\\"[b"].x'])(
    'is one from its beginning to its end: %s',
    text => expect(isFieldPath(text)).toBe(true),
  );

  it.each(['', ' ', '.', '[[[', 'spec.', '.spec', 'spec..replicas', 'a[', 'a]', 'a["b', 'a[]'])(
    'is not %j',
    text => expect(isFieldPath(text)).toBe(false),
  );
});
