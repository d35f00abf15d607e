import { describe, expect, it } from '@jest/globals';
import { compileObjectExpression } from '../src/index.ts';

const object = { spec: { replicas: 3, size: '1Gi' }, status: { list: Array.from({ length: 300 }, () => 1) } };

function answer(source: string) {
  const found = compileObjectExpression(source);
  return 'problem' in found ? found : found.evaluate(object);
}

describe('an expression about an object', () => {
  it.each<[string, string, object]>([
    ['answers true or false', 'object.spec.replicas == 3', { value: true }],
    ['answers with text', 'string(object.spec.replicas) + " replicas"', { value: '3 replicas' }],
    [
      'has the libraries of Kubernetes',
      'quantity(object.spec.size).isLessThan(quantity("2Gi"))',
      { value: true },
    ],
    ['has the functions of every version', 'semver("1.2.3").major() == 1', { value: true }],
    ['has the macros of every version', '[1, 2].all(index, item, index < item)', { value: true }],
    ['has no answer where a field is missing', 'object.spec.paused', { failure: expect.any(String) }],
    ['has no answer that is a number', 'object.spec.replicas', { failure: expect.any(String) }],
    [
      'has no answer where it costs too much',
      'object.status.list.all(a, object.status.list.all(b, object.status.list.all(c, a + b + c >= 0)))',
      { failure: expect.any(String) },
    ],
    [
      'is refused where it is not CEL, with the position',
      'object.',
      { problem: expect.stringMatching(/at character \d+/) },
    ],
    [
      'is refused where it names what there is not',
      'oldObject == null',
      { problem: expect.stringMatching(/oldObject/) },
    ],
    [
      'is refused where there is no such function',
      'nope(object)',
      { problem: expect.stringMatching(/nope/) },
    ],
  ])('%s', (_, source, expected) => {
    expect(answer(source)).toEqual(expected);
  });
});
