import { describe, expect, it } from '@jest/globals';
import { type GitHubDouble, secondaryLimit } from '@slipway/testbed/github';
import { type GitHubApi, keepComment, readKeptComment } from '../src/index.ts';
import { BOT, REPOSITORY, start, stopDoubles } from './support/github.ts';

stopDoubles();

/** The requests that something takes. */
async function asked({ requests }: GitHubDouble, work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = requests.length;
  await work();
  return requests.slice(before);
}

describe('the comment', () => {
  const comment = { repository: REPOSITORY, pull: 7, key: 'slipway.yaml', body: 'found', onlyUpdate: false };

  it('is updated in place, and left alone if nothing changed', async () => {
    const { api, github } = await start({
      pageSize: 2,
      comments: ['a', 'b', 'c'].map((body, id) => ({ id: id + 100, pull: 7, user: 'ada', body })),
    });
    expect(await keepComment(api, comment)).toBe('created');
    expect(await keepComment(api, comment)).toBe('unchanged');
    expect(await keepComment(api, { ...comment, body: 'fixed' })).toBe('updated');
    expect(github.state.comments.length).toBe(4);
    expect(github.state.comments[3]?.body).toMatch(/^<!-- slipway:policy-check [0-9a-f]{16} -->\nfixed$/);
  });

  it('is another one for another application', async () => {
    const { api, github } = await start();
    await keepComment(api, comment);
    await keepComment(api, { ...comment, key: 'other/slipway.yaml' });
    expect(github.state.comments.length).toBe(2);
  });

  it('is reduced to one if two runs wrote one each', async () => {
    const { api, github } = await start();
    await keepComment(api, comment);
    const [first] = github.state.comments;
    if (first !== undefined) github.state.comments.push({ ...first, id: 50, body: `${first.body} twice` });
    expect(await keepComment(api, { ...comment, body: 'again' })).toBe('updated');
    expect(github.state.comments.map(({ id }) => id)).toEqual([1]);
  });

  it('is not written twice if the answer to the first request was lost', async () => {
    const { api, github } = await start();
    github.fail({ status: 0 }, { status: 502, afterwards: true });
    await expect(keepComment(api, comment)).rejects.toMatchObject({ code: 'github-unavailable' });
    expect(await keepComment(api, comment)).toBe('unchanged');
    expect(github.state.comments.length).toBe(1);
  });

  it('never takes over what a person wrote, whatever it begins with', async () => {
    const { api, github } = await start();
    await keepComment(api, comment);
    const [own] = github.state.comments;
    github.state.comments.unshift({ id: 0, pull: 7, user: 'mallory', body: own?.body ?? '' });
    await keepComment(api, { ...comment, body: 'later' });
    expect(github.state.comments.map(({ user, body }) => [user, body.split('\n')[1]])).toEqual([
      ['mallory', 'found'],
      ['github-actions[bot]', 'later'],
    ]);
  });

  it('is read again without its marker, and not what a person wrote in its place', async () => {
    const { api, github, open } = await start();
    expect(await readKeptComment(api, comment)).toBeUndefined();
    await keepComment(api, { ...comment, body: 'no room\nhere' });
    const [own] = github.state.comments;
    if (own === undefined) throw new Error('no comment');
    github.state.comments.unshift({ ...own, id: 0, user: 'mallory', body: `${own.body} at all` });
    expect(await readKeptComment(api, comment)).toBe('no room\nhere');
    expect(await readKeptComment(await open('ghs_app'), comment)).toBe('no room\nhere');
    expect(await readKeptComment(api, { ...comment, key: 'other' })).toBeUndefined();
    own.body = own.body.replaceAll('\n', '\r\n');
    expect(await readKeptComment(api, comment)).toBe('no room\nhere');
    github.state.comments.pop();
    expect(await readKeptComment(api, comment)).toBeUndefined();
    await expect(readKeptComment(await open('ghs_none'), comment)).rejects.toThrow();
  });

  it('is not created only to say that all is well', async () => {
    const { api, github } = await start();
    expect(await keepComment(api, { ...comment, onlyUpdate: true })).toBe('left-out');
    await keepComment(api, comment);
    expect(await keepComment(api, { ...comment, body: 'passed', onlyUpdate: true })).toBe('updated');
    expect(github.state.comments.length).toBe(1);
  });

  it('is shortened to what GitHub accepts', async () => {
    const { api, github } = await start();
    expect(await keepComment(api, { ...comment, body: '| a row |\n'.repeat(10_000) })).toBe('created');
    expect(github.state.comments[0]?.body.length).toBeLessThanOrEqual(65_536);
    expect(github.state.comments[0]?.body).toContain('The comment was cut here');
  });

  it("is forbidden to a fork's token, which is not a failure", async () => {
    const { api, github } = await start({}, 'ghs_fork');
    expect(await keepComment(api, comment)).toBe('forbidden');
    expect(github.state.comments).toEqual([]);
  });

  const WRITE = 'POST /repos/acme/shop/issues/7/comments';
  const LIST = 'GET /repos/acme/shop/issues/7/comments';
  const UPDATE = 'PATCH /repos/acme/shop/issues/comments/1';
  const own = (api: GitHubApi, body = 'found') => keepComment(api, { ...comment, body });

  it('takes one list and one write, and a second list only after the first comment', async () => {
    const { api, github } = await start();
    expect(await asked(github, () => own(api))).toEqual([LIST, WRITE, LIST]);
    expect(await asked(github, () => own(api, 'later'))).toEqual([LIST, UPDATE]);
    expect(await asked(github, () => own(api, 'later'))).toEqual([LIST]);
  });

  it('is found behind hundreds of others', async () => {
    const others = Array.from({ length: 250 }, (_, id) => ({ id: id + 1, pull: 7, user: 'ada', body: 'hi' }));
    const { api, github } = await start({ comments: others });
    await own(api);
    expect(await asked(github, () => own(api, 'later'))).toEqual([
      ...[LIST, LIST, LIST],
      'PATCH /repos/acme/shop/issues/comments/251',
    ]);
    expect(github.state.comments.length).toBe(251);
  });

  it('is written again if someone deleted it between the list and the update', async () => {
    const { api, github } = await start();
    await own(api);
    github.meanwhile('PATCH', ({ comments }) => void comments.splice(0));
    expect(await own(api, 'later')).toBe('created');
    expect(github.state.comments.map(({ body }) => body.split('\n')[1])).toEqual(['later']);
  });

  it('stays deleted if there is nothing to report', async () => {
    const { api, github } = await start();
    await own(api);
    github.meanwhile('PATCH', ({ comments }) => void comments.splice(0));
    expect(await keepComment(api, { ...comment, body: 'passed', onlyUpdate: true })).toBe('left-out');
    expect(github.state.comments).toEqual([]);
  });

  it('that a person edited in a browser is overwritten', async () => {
    const { api, github } = await start();
    await own(api);
    const [edited] = github.state.comments;
    if (edited !== undefined) edited.body = `${edited.body.replaceAll('\n', '\r\n')}\r\nlooks good to me`;
    expect(await own(api)).toBe('updated');
    expect(github.state.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/ -->\nfound$/)]);
  });

  it('is unchanged if only the ends of its lines are other ones', async () => {
    const { api, github } = await start();
    await own(api, 'found\n\n- one\n');
    const [edited] = github.state.comments;
    if (edited !== undefined) edited.body = edited.body.trimEnd().replaceAll('\n', '\r\n');
    expect(await own(api, 'found\n\n- one\n')).toBe('unchanged');
  });

  it('is one with the text of one of them if two runs write at once', async () => {
    const { api, github, open } = await start();
    github.gather(WRITE, 2);
    github.gather(LIST, 2);
    const outcomes = await Promise.all([own(api, 'first'), own(await open('ghs_1'), 'second')]);
    expect(outcomes).toEqual(['created', 'created']);
    expect(github.state.comments.length).toBe(1);
    expect(github.state.comments[0]?.body).toMatch(/\n(?:first|second)$/);
  });

  it('has the text of the later of two runs, although the comment of the earlier one stays', async () => {
    const { api, github } = await start();
    const earlier = async () => {
      const { api: other, github: fresh } = await start();
      await own(other, 'earlier');
      return fresh.state.comments;
    };
    const [theirs] = await earlier();
    github.meanwhile(WRITE, ({ comments }) => void (theirs && comments.push(theirs)));
    expect(await own(api, 'later')).toBe('created');
    expect(github.state.comments.map(({ id, body }) => [id, body.split('\n')[1]])).toEqual([[1, 'later']]);
  });

  it('is not lost if the comment of the other run is deleted in that moment', async () => {
    const { api, github } = await start();
    github.meanwhile(
      WRITE,
      ({ comments }) => void comments.push({ id: 1, pull: 7, user: BOT.login, body: '' }),
    );
    github.meanwhile(LIST, () => undefined);
    github.meanwhile(LIST, ({ comments: [, second] }) => {
      const [first] = github.state.comments;
      if (first !== undefined) first.body = second?.body ?? '';
    });
    github.meanwhile('PATCH', ({ comments }) => void comments.shift());
    expect(await own(api)).toBe('created');
    expect(github.state.comments.map(({ id, body }) => [id, body.split('\n')[1]])).toEqual([[2, 'found']]);
  });

  it('that another run deletes at the same time is not a failure', async () => {
    const { api, github } = await start();
    await own(api);
    const [first] = github.state.comments;
    if (first !== undefined) github.state.comments.push({ ...first, id: 50 });
    github.meanwhile('DELETE', ({ comments }) => void comments.pop());
    expect(await own(api, 'later')).toBe('updated');
  });

  it.each(['coverage[bot]', 'mallory'])(
    'of %s with the same beginning is neither updated nor deleted',
    async user => {
      const { api, github } = await start();
      await own(api);
      const [mine] = github.state.comments.splice(0);
      const copies = [1, 2].map(id => ({ id, pull: 7, user, body: mine?.body ?? '' }));
      github.state.comments.push(...copies.map(copy => ({ ...copy })));
      expect(await own(api, 'later')).toBe('created');
      expect(await own(api, 'again')).toBe('updated');
      expect(github.state.comments.slice(0, 2)).toEqual(copies);
      expect(github.state.comments.map(({ body }) => body.split('\n')[1])).toEqual([
        'found',
        'found',
        'again',
      ]);
    },
  );

  it.each(['ghs_app', 'ghp_org'])(
    'of a token that is not of a job is known by its owner: %s',
    async token => {
      const { api, github } = await start({}, token);
      expect(await own(api)).toBe('created');
      expect(await asked(github, () => own(api, 'later'))).toEqual([LIST, 'POST /api/graphql', UPDATE]);
      expect(await own(api, 'later')).toBe('unchanged');
      expect(github.state.comments.length).toBe(1);
    },
  );

  it('waits for a secondary limit, which refuses the comment before it is written', async () => {
    const { api, github, waits } = await start();
    github.fail({ status: 0 }, secondaryLimit());
    expect(await own(api)).toBe('created');
    expect([waits, github.state.comments.length]).toEqual([[60_000], 1]);
  });

  it('under a limit that lasts is a failure, and not one of a missing permission', async () => {
    const { api, github } = await start();
    github.fail({ status: 0 }, secondaryLimit(3600));
    await expect(own(api)).rejects.toMatchObject({ code: 'github-rate-limited' });
  });

  it.each([
    ['a locked conversation', { message: 'Unable to create comment because issue is locked.' }, 'ghs_1'],
    ['an invalid token', undefined, 'ghs_unknown'],
  ])(
    'is a failure with the words of GitHub, and not one of a missing permission, for %s',
    async (_title, body, token) => {
      const { api, github } = await start({}, token);
      github.fail({ status: 0 }, ...(body === undefined ? [] : [{ status: 403, body }]));
      await expect(own(api)).rejects.toMatchObject({
        code: 'github-forbidden',
        message: expect.stringContaining(body?.message ?? 'Bad credentials'),
      });
    },
  );
});
