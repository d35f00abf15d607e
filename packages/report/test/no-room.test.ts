import { expect, it } from '@jest/globals';
import { expiryComment, goneComment, instanceComment, noRoomComment, saysNoRoom } from '../src/index.ts';

const at = new Date('2026-12-01T12:00:00Z');
const one = { application: 'shop', formation: 'preview-7' };
const marker = '<!-- slipway:no-room -->\n';

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
