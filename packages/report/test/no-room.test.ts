import { expect, it } from '@jest/globals';
import { expiryComment, goneComment, instanceComment, noRoomComment, saysNoRoom } from '../src/index.ts';

const at = new Date('2026-12-01T12:00:00Z');
const one = { application: 'shop', formation: 'preview-7' };
const marker = '<!-- slipway:no-room -->\n';

it('what is being removed is shown as that, and no one is told to close its pull request', () => {
  const room = { created: at, expires: new Date('2026-12-02T12:00:00Z') };
  const ending = { ...room, formation: 'preview-1', isEnding: true } as const;
  const mixed = noRoomComment(one, { atMost: 2, at, rooms: [ending, { ...room, formation: 'preview-2' }] });
  expect(mixed).toMatch(/preview-1.*being removed/);
  expect(mixed).toMatch(/preview-2.*2026-12-02 12:00 UTC/);
  expect(mixed).toContain('One is being removed, and did not go in time');
  expect(mixed).toContain('Close a pull request');
  const all = noRoomComment(one, { atMost: 1, at, rooms: [ending] });
  expect(all).not.toMatch(/Close a pull request|2026-12-02/);
  const plain = noRoomComment(one, { atMost: 1, at, rooms: [{ ...room, formation: 'preview-2' }] });
  expect(plain).not.toContain('being removed');
});

it('the comment that there is no room can be told from every other, whatever these quote', () => {
  expect(saysNoRoom(noRoomComment(one, { atMost: 1, rooms: [], at }))).toBe(true);
  const up = { ...one, namespace: 'n', expires: at, verdict: 'failed', reserved: [], run: '' };
  const others = [
    instanceComment({ ...up, summary: marker }),
    goneComment(one, marker),
    expiryComment({ ...one, application: marker, expires: at }, [marker]),
    `${one.formation}: no room`,
    '',
  ];
  expect(others.map(saysNoRoom)).toEqual(others.map(() => false));
});
