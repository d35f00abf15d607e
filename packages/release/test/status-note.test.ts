import { expect, it } from '@jest/globals';
import { CONFIG_BESIDE, OBJECT_COUNT, OBJECTS, REASON, RELEASE } from '@slipway/kubernetes';
import { parseNote } from '../src/records/status-note.ts';

const LINES = 'v1 ConfigMap shop settings 1a2b3c4d5e\napps/v1 Deployment shop api -';

function countOf(
  annotations: Readonly<Record<string, string>>,
): [listed: number | undefined, count: unknown] {
  const metadata = { name: 'release', annotations: { [RELEASE]: '4', ...annotations } };
  const note = parseNote({ apiVersion: 'v1', kind: 'Lease', metadata });
  return [note?.objects.length, note?.objectCount];
}

it('the note of a release counts its objects, also those that it does not list', () => {
  expect(countOf({ [OBJECTS]: LINES, [OBJECT_COUNT]: '2' })).toEqual([2, 2]);
  expect(countOf({ [OBJECTS]: LINES, [OBJECT_COUNT]: '9' })).toEqual([2, 9]);
  expect(countOf({ [OBJECTS]: '', [OBJECT_COUNT]: '0' })).toEqual([0, 0]);
});

it.each<[string, Readonly<Record<string, string>>, number]>([
  ['neither a list nor a count', {}, 0],
  ['no list', { [OBJECT_COUNT]: '0' }, 0],
  ['no count', { [OBJECTS]: LINES }, 2],
  ['a count that is not a number', { [OBJECTS]: LINES, [OBJECT_COUNT]: 'two' }, 2],
  ['a line that cannot be read', { [OBJECTS]: `${LINES}\nv1 Secret`, [OBJECT_COUNT]: '2' }, 2],
])('the objects of a release are not known where its note has %s', (_what, annotations, listed) => {
  expect(countOf(annotations)).toEqual([listed, undefined]);
});

it('a text of a note is one line of at most 500 characters, whoever wrote it', () => {
  const annotations = { [RELEASE]: '4', [REASON]: `an audit\n\u202efine${'x'.repeat(200_000)}` };
  const note = parseNote({ apiVersion: 'v1', kind: 'Lease', metadata: { name: 'release', annotations } });
  expect(note?.reason).toMatch(/^an audit \ufffdfinex+…$/);
  expect(note?.reason?.length).toBe(501);
});

it.each<[string, string | undefined, object | undefined]>([
  [
    'the words and the checkouts',
    '{"set":["a.b"],"sharedRevisions":{"lib":"c"}}',
    { set: ['a.b'], sharedRevisions: { lib: 'c' } },
  ],
  ['neither', undefined, undefined],
  ['what is not JSON', '{', undefined],
  ['a list in place of both', '[]', undefined],
  ['words that are not texts', '{"set":[1],"sharedRevisions":{}}', undefined],
  ['a commit that is not a text', '{"set":[],"sharedRevisions":{"lib":1}}', undefined],
  ['more than it has room for', `{"set":["${'a'.repeat(16_384)}"],"sharedRevisions":{}}`, undefined],
])('what a release was rendered with is known only where its note has it: %s', (_what, text, beside) => {
  const annotations = { [RELEASE]: '4', ...(text === undefined ? {} : { [CONFIG_BESIDE]: text }) };
  const note = parseNote({ apiVersion: 'v1', kind: 'Lease', metadata: { name: 'release', annotations } });
  expect(note?.beside).toEqual(beside);
});
