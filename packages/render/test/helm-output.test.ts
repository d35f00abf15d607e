import { describe, expect, it } from '@jest/globals';
import { helmProblem } from '../src/sources/helm/helm-errors.ts';
import { helmManifests } from '../src/sources/helm/helm-output.ts';
import { TemplateLines } from '../src/sources/helm/template-lines.ts';
import { kustomizeProblem } from '../src/sources/kustomize/kustomize-errors.ts';

describe('the manifests of an output of helm', () => {
  it('are separated by the line that Helm puts before each, and empty ones are left out', () => {
    const output = `---
# Source: demo/templates/a.yaml
kind: A
text: |
  ---
  # Source: demo/templates/fake.yaml
---
# Source: demo/templates/empty.yaml

# nothing but this

---
# Source: demo/charts/sub/templates/b.yaml
# A comment.
kind: B
`;
    expect(helmManifests(output)).toEqual([
      {
        template: 'demo/templates/a.yaml',
        text: 'kind: A\ntext: |\n  ---\n  # Source: demo/templates/fake.yaml\n',
      },
      { template: 'demo/charts/sub/templates/b.yaml', text: '# A comment.\nkind: B\n' },
    ]);
  });
});

describe('the lines of a template', () => {
  const template = `{{- range .Values.names }}
---
kind: ConfigMap
metadata:
  name: {{ . }}
  labels: {{- include "labels" $ | nindent 4 }}
data:
  - "{{ . }}"
{{- end }}
`;
  const found = (output: string): (number | undefined)[] => {
    const lines = new TemplateLines('t.yaml', template, output);
    return output.split('\n').map((_, index) => lines.positionAt(index + 1)?.line);
  };

  it('are found by their text, and the output of an include is attributed to the line before it', () => {
    expect(found('kind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    app: x\ndata:\n  - "a"')).toEqual([
      3, 4, 5, 6, 6, 7, 7,
    ]);
  });

  it('are those of the action that writes whole lines, if there is one', () => {
    const lines = new TemplateLines(
      't.yaml',
      'labels:\n  {{- include "labels" . | nindent 2 }}\nspec:\n  {{- if .Values.a }}\n  a: b\n',
      'labels:\n  app: x\n  tier: y\nspec:\n  c: d',
    );
    expect([1, 2, 3, 4, 5].map(line => lines.positionAt(line)?.line)).toEqual([1, 2, 2, 3, 3]);
    expect(lines.positionAt(2)).toEqual({ path: 't.yaml', line: 2, column: 3 });
  });

  it('are found again where a loop continues', () => {
    expect(found('kind: ConfigMap\ndata:\nkind: ConfigMap\nmetadata:')).toEqual([3, 7, 3, 4]);
  });

  it('are found in a definition of ten thousand lines', () => {
    const definition = Array.from(
      { length: 10_000 },
      (_, index) => `${' '.repeat(index % 9)}type: ${index % 7}\n`,
    ).join('');
    const lines = new TemplateLines('t.yaml', definition, definition);
    expect(lines.positionAt(10_000)?.line).toBe(10_000);
  });

  it('have the column of the template', () => {
    const lines = new TemplateLines('t.yaml', template, '    name: a');
    expect(lines.positionAt(1)).toEqual({ path: 't.yaml', line: 5, column: 3 });
  });
});

const at = { path: 'formations/a.yaml', line: 3, column: 4 };
const templateAt = (file: string): string | undefined =>
  file.startsWith('demo/templates/') ? `charts/${file}` : undefined;
const NIL = 'nil pointer evaluating interface {}.y';

/** The output of Helm 3.22 and 4.3. */
const said: Record<string, [stderr: string, position: string, message: string]> = {
  'a template of Helm 4': [
    `Error: demo/templates/a.yaml:2:13\n  executing "demo/templates/a.yaml" at <.Values.x.y.z>:\n    ${NIL}\n\nUse --debug flag to render out invalid YAML\n`,
    'charts/demo/templates/a.yaml:2:13',
    NIL,
  ],
  'a template of Helm 3': [
    `Error: template: demo/templates/a.yaml:2:13: executing "demo/templates/a.yaml" at <.Values.x.y.z>: ${NIL}\n\nUse --debug flag to render out invalid YAML\n`,
    'charts/demo/templates/a.yaml:2:13',
    NIL,
  ],
  'a template that includes another, at the inner one': [
    `Error: template: demo/templates/a.yaml:6:13: executing "demo/templates/a.yaml" at <include "labels" .>: error calling include: template: demo/templates/_helpers.tpl:3:9: executing "labels" at <.Values.x.y>: ${NIL}\n`,
    'charts/demo/templates/_helpers.tpl:3:9',
    NIL,
  ],
  'fail and required': [
    'Error: execution error at (demo/templates/a.yaml:5:6): say what x is\n\nUse --debug flag to render out invalid YAML\n',
    'charts/demo/templates/a.yaml:5:6',
    'say what x is',
  ],
  'warnings before it': [
    'WARNING: Kubernetes configuration file is group-readable.\nlevel=INFO msg="found symbolic link"\nError: execution error at (demo/templates/a.yaml:5:6): no\n',
    'charts/demo/templates/a.yaml:5:6',
    'no',
  ],
  'a chart as a whole': [
    'Error: chart requires kubeVersion: >=1.40.0-0 which is incompatible with Kubernetes v1.34.0\n',
    'formations/a.yaml:3:4',
    'chart requires kubeVersion: >=1.40.0-0 which is incompatible with Kubernetes v1.34.0',
  ],
};

describe('an error of helm', () => {
  it.each(Object.entries(said))(
    'about %s is one sentence at its position',
    (_name, [stderr, position, message]) => {
      const problem = helmProblem(stderr, templateAt, at);
      expect(problem.message).toBe(`helm failed to render the chart: ${message}`);
      expect(`${problem.at?.path}:${problem.at?.line}:${problem.at?.column}`).toBe(position);
    },
  );

  it('is neutralised and cut', () => {
    const { message } = helmProblem(`Error: ${'x\u001b[31m'.repeat(500)}`, templateAt, at);
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(500);
  });
});

describe('an error of kubectl kustomize', () => {
  const files = ['deploy/over/kustomization.yaml', 'deploy/base/kustomization.yaml'];

  it('is at the innermost kustomization, without the chain of paths to it', () => {
    const stderr = `error: accumulating resources: accumulation err='accumulating resources from '../base': '/w/deploy/base' must resolve to a file': couldn't make target for path '/w/deploy/base': invalid Kustomization: json: unknown field "resouces"\n`;
    expect(kustomizeProblem(stderr, files, '/w', at)).toMatchObject({
      at: { path: 'deploy/base/kustomization.yaml', line: 1 },
      message:
        'kubectl kustomize failed to build the directory: invalid Kustomization: json: unknown field "resouces"',
    });
  });

  it("never shows the machine's folders", () => {
    const stderr = "error: security; file '/w/x' is not in or below '/w/deploy/over'\n";
    expect(kustomizeProblem(stderr, files, '/w', at)).toMatchObject({
      at: { path: 'deploy/over/kustomization.yaml' },
      message:
        "kubectl kustomize failed to build the directory: security; file 'x' is not in or below 'deploy/over'",
    });
  });
});
