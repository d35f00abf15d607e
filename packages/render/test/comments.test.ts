import { describe, expect, it } from '@jest/globals';
import { parseDocuments } from '@slipway/yaml';
import { config, configMap, rendered, shopFiles } from './support/shop.ts';

const stencil = `# Copyright Acme

# The api.
apiVersion: v1 # core
kind: ConfigMap
metadata:
  # What it is called.
  name: config
data: # all of it
  # A word: \${config.a}
  a: \${config.a} # filled
  # No script is a comment.
  script: | # of a block
    #!/bin/sh
    # not ours
    echo
  # A list.
  list:
    # The first.
    - one # 1
    # The second.
    - name: two
      # Its value.
      value: 2
    - {x: 1} # in braces
    # Deep.
    - - deep
  quoted: "a # b"
  flow: [1, 2] # two of them
  typed: \${config.map} # a map
  empty: # nothing
# The end.
`;

const expected = `# Copyright Acme

# The api.
apiVersion: v1 # core
kind: ConfigMap
metadata:
  # What it is called.
  name: config
  namespace: shop-staging
data: # all of it
  # A word: \${config.a}
  a: 1 # filled
  # No script is a comment.
  script: | # of a block
    #!/bin/sh
    # not ours
    echo
  # A list.
  list:
    # The first.
    - one # 1
    # The second.
    - name: two
      # Its value.
      value: 2
    - {x: 1} # in braces
    # Deep.
    - - deep
  quoted: "a # b"
  flow: [1, 2] # two of them
  typed: # a map
    x: 1
  empty: # nothing
# The end.
`;

/** YAML that is not regular is rewritten. */
const expectedAnew = `# Copyright Acme
# The api.
apiVersion: v1 # core
kind: ConfigMap
metadata:
  # What it is called.
  name: config
  namespace: shop-staging
data: # all of it
  # A word: \${config.a}
  a: 1 # filled
  # No script is a comment.
  script: | # of a block
    #!/bin/sh
    # not ours
    echo
  # A list.
  list:
    # The first.
    - one # 1
    # The second.
    - name: two
      # Its value.
      value: 2
    # in braces
    - x: 1
    # Deep.
    - - deep
  quoted: "a # b"
  flow: # two of them
    - 1
    - 2
  typed: # a map
    x: 1
  empty: null # nothing
# The end.
`;

const values = { 'config/a.yaml': config('"*.*": {a: 1, map: {x: 1}}') };
const manifest = 'manifests/config.yaml';

describe('comments of a stencil', () => {
  it('keep their position', async () => {
    const { manifests, objects } = await rendered({ ...values, 'stencils/config.yaml': stencil });
    expect(manifests.get(manifest)).toBe(expected);
    expect(parseDocuments(expected, manifest)[0]?.value).toEqual(objects[0]?.object);
  });

  it('stay with their document', async () => {
    const documents = [
      '# one\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n# end of one\n',
      '# two\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n',
    ];
    const { manifests } = await rendered({ 'stencils/config.yaml': documents.join('---\n') });
    const [first, second] = manifests.get(manifest)?.split('---\n') ?? [];
    expect(first).toMatch(/^# one\napiVersion[^#]*# end of one\n$/);
    expect(second).toMatch(/^# two\napiVersion[^#]*$/);
  });

  it('come with the parts that a patch adds', async () => {
    const patches =
      '  patches:\n    - kind: ConfigMap\n      metadata: {name: config}\n      data:\n        # Changed here.\n        plain: other # so\n';
    const { manifests } = await rendered({
      'formations/staging.yaml': `${shopFiles['formations/staging.yaml']}${patches}`,
    });
    expect(manifests.get(manifest)).toContain('data:\n  # Changed here.\n  plain: other # so\n');
  });

  it('are not part of the digest', async () => {
    const [plain, commented] = await Promise.all([
      rendered(),
      rendered({ 'stencils/config.yaml': `# new\n${shopFiles['stencils/config.yaml']}` }),
    ]);
    expect(commented.rendered.digest).toBe(plain.rendered.digest);
  });

  it.each([
    ['without a line end at the end', (text: string) => text.trimEnd(), expected],
    ['after a byte order mark', (text: string) => `\u{FEFF}${text}`, expected],
    ['with Windows line ends', (text: string) => text.replaceAll('\n', '\r\n'), expectedAnew],
    ['with a tag', (text: string) => text.replace('name: two', 'name: !!str two'), expectedAnew],
  ])('are found %s', async (_name, change, text) => {
    const { manifests, objects } = await rendered({ ...values, 'stencils/config.yaml': change(stencil) });
    expect(manifests.get(manifest)).toBe(text);
    expect(parseDocuments(text, manifest)[0]?.value).toEqual(objects[0]?.object);
  });

  it('between brackets are kept when the object is rewritten', async () => {
    const flow =
      'list: [ # open\n  # The first.\n  1, # one\n  2, # two\n  # none behind\n] # closed\nlast: !!str x\n';
    const { manifests } = await rendered({ 'stencils/config.yaml': configMap(flow) });
    expect(manifests.get(manifest)).toMatch(
      / {2}# open\n {2}list: # closed\n {4}# The first.\n {4}- 1 # one\n {4}- 2 # two\n {2}# none behind\n {2}last: x\n$/,
    );
  });

  it('with a control character, which Kubernetes rejects, are left out', async () => {
    const { manifests } = await rendered({
      'stencils/config.yaml': `# bell \u0007\n${shopFiles['stencils/config.yaml']}`,
    });
    expect(manifests.get(manifest)).not.toContain('bell');
  });
});
