import { describe, expect, it } from '@jest/globals';
import type { SlipwayError } from '@slipway/core';
import { compareFile, compareUnneeded, firstDifference, workflowFiles, writtenFor } from '@slipway/workflows';
import { SHOP } from './support/applications.ts';

const PATH = '.github/workflows/release.yml';
const TEXT = textOf('main');
const LOGIN = '      - uses: acme/login@v1 # ours\n        with: { role: "a&b" }\n\n      # more\n';

function textOf(branch: string): string {
  return workflowFiles(SHOP, { branch }).find(({ path }) => path === PATH)?.text ?? '';
}

/** The file with other steps in its login. */
function withLogin(text: string, steps: string): string {
  return text.replace(
    /(# slipway:login begin release\r?\n)[\s\S]*?(?= *# slipway:login end)/,
    (_, mark: string) => mark + steps,
  );
}

function compare(existing: string | undefined, text = TEXT) {
  return compareFile({ path: PATH, text, existing });
}

describe('a file that was written earlier', () => {
  it('is current as it was written', () => {
    expect(compare(TEXT).state).toBe('current');
    expect(writtenFor(TEXT)).toBe('shop');
  });

  it('is current with other steps in its login, or none', () => {
    expect(compare(withLogin(TEXT, LOGIN)).state).toBe('current');
    expect(compare(withLogin(TEXT, '')).state).toBe('current');
  });

  it('keeps its login byte for byte when it is written again', () => {
    const { state, text } = compare(withLogin(TEXT, LOGIN), textOf('trunk'));
    expect(state).toBe('outdated');
    expect(text).toBe(withLogin(textOf('trunk'), LOGIN));
    expect(text).toContain(LOGIN);
  });

  it('lets a login that no one changed follow the registry', () => {
    const elsewhere = { ...SHOP, registry: 'harbor.acme.io/shop' };
    const text = workflowFiles(elsewhere).find(({ path }) => path === PATH)?.text ?? '';
    expect(compare(TEXT, text)).toMatchObject({ state: 'outdated', text });
    expect(compare(withLogin(TEXT, ''), text).text).toBe(withLogin(text, ''));
  });

  it("lets a login that no one changed follow from the server, whose registry takes the job's token, to github.com", () => {
    const [server, elsewhere] = (['ghes', 'github'] as const).map(target => {
      const files = workflowFiles({ ...SHOP, registry: 'containers.acme.io/shop' }, { target });
      return files.find(({ path }) => path === PATH)?.text ?? '';
    }) as [string, string];
    expect(compare(server, elsewhere).text).toBe(elsewhere);
    expect(compare(elsewhere, server).text).toBe(server);
  });

  it('keeps a login that someone wrote as the command writes it for another registry', () => {
    const elsewhere = { ...SHOP, registry: 'harbor.acme.io:8443/shop' };
    const text = workflowFiles(elsewhere).find(({ path }) => path === PATH)?.text ?? '';
    const loginIn = (file: string): string =>
      /login begin release\n([\s\S]*?) *# slipway:login end/.exec(file)?.[1] ?? '';
    const [token, password] = [loginIn(TEXT), loginIn(text)];
    expect([token, password]).toEqual([
      expect.stringContaining('github.token'),
      expect.stringContaining('vars.'),
    ]);
    for (const written of [withLogin(TEXT, password), withLogin(text, token)]) {
      const now = written.includes('harbor') ? text : TEXT;
      expect(compare(written, now)).toMatchObject({ state: 'current', text: written });
      expect(compareUnneeded(PATH, written).lost).toMatchObject([{ job: 'release' }]);
    }
    expect(compareUnneeded(PATH, text).lost).toEqual([]);
  });

  it('keeps text in a login that a replacement would read as something else', () => {
    const steps = '      - run: echo "$& $1 $$"\n';
    expect(compare(withLogin(TEXT, steps), textOf('trunk')).text).toContain(steps);
  });

  it('is edited once anything else was changed, the sum itself included', () => {
    expect(compare(TEXT.replace('stable', 'x').replace('Release', 'Deploy')).state).toBe('edited');
    expect(compare(`${TEXT}# more\n`).state).toBe('edited');
    expect(compare(TEXT.replace(/(workflow shop )[0-9a-f]{16}/, '$10123456789abcdef')).state).toBe('edited');
    expect(compare(TEXT.replace('Release', 'Deploy'), textOf('trunk')).state).toBe('edited');
  });

  it('may have the line breaks of another system', () => {
    expect(compare(TEXT.replaceAll('\n', '\r\n')).state).toBe('current');
    expect(compare(TEXT.replaceAll('\n', '\r\n'), textOf('trunk')).state).toBe('outdated');
  });

  it("is someone else's without the line of the sum", () => {
    expect(compare('name: Ours\n').state).toBe('foreign');
    expect(compare(undefined).state).toBe('missing');
  });

  it('says which logins belong to a job that is gone', () => {
    const renamed = (text: string): string => text.replace('login begin release', 'login begin deploy');
    expect(compare(renamed(withLogin(TEXT, LOGIN)))).toMatchObject({ lost: [{ job: 'deploy' }] });
    expect(compare(renamed(TEXT)).lost).toEqual([]);
  });

  it('is not needed once nothing writes it, and is not removed with a login or an edit unseen', () => {
    expect(compareUnneeded(PATH, withLogin(TEXT, ''))).toMatchObject({ state: 'unneeded', lost: [] });
    expect(compareUnneeded(PATH, TEXT)).toMatchObject({ state: 'unneeded', lost: [] });
    const ours = compareUnneeded(PATH, withLogin(TEXT, LOGIN));
    expect(ours).toMatchObject({ state: 'unneeded', lost: [{ job: 'release' }] });
    expect(compareUnneeded(PATH, TEXT.replace('Release', 'Deploy')).state).toBe('edited');
  });
});

describe('marks that are broken', () => {
  const END = '# slipway:login end';
  const CASES: Readonly<Record<string, readonly [text: string, line: number, what: string]>> = {
    'without an end': [TEXT.replace(END, '# the end'), 22, 'the login of "release" has no end'],
    'with an end only': [
      TEXT.replace('# slipway:login begin release', '# the beginning'),
      25,
      'the end of a login has no beginning',
    ],
    'one in another': [
      TEXT.replace(END, '# slipway:login begin other'),
      22,
      'the login of "release" has no end',
    ],
    'two of one job': [
      TEXT.replace(END, `${END}\n      # slipway:login begin release\n      ${END}`),
      26,
      'there are two logins of "release"',
    ],
  };
  it.each(Object.keys(CASES))('leave the file alone, and are named with their line: %s', name => {
    const [text, line, what] = CASES[name] ?? ['', 0, ''];
    let problems: SlipwayError['problems'] | undefined;
    try {
      compare(text);
    } catch (error) {
      problems = (error as SlipwayError).problems;
    }
    expect(problems).toMatchObject([
      {
        code: 'workflow-marks-broken',
        at: { path: PATH, line },
        message: `${what}, so what to keep of the file is not known`,
      },
    ]);
  });
});

describe('the first difference', () => {
  it('is counted from 1, and missing for texts that are alike', () => {
    expect(firstDifference('a\nb\n', 'a\r\nb\r\n')).toBeUndefined();
    expect(firstDifference('a\nb\n', 'a\nc\n')).toBe(2);
    expect(firstDifference('a\n', 'a\nb\n')).toBe(2);
  });
});
