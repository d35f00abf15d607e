import type { KubernetesObject } from '@slipway/kubernetes';
import type { ApiServer } from './api-server.ts';

export const ADMISSION = '/apis/admissionregistration.k8s.io/v1';

const WARNING = /^Validation failed for ValidatingAdmissionPolicy '[^']*' with binding '[^']*': /;

/** What its policies warned of; a header that was cut ends with an ellipsis. */
export function policyWarnings(warnings: readonly string[]): string[] {
  return distinctTexts(warnings.filter(text => WARNING.test(text)).map(text => text.replace(WARNING, '')));
}

/** On one line, sorted, and each once, since an API server says nothing twice. */
export function distinctTexts(messages: readonly string[]): string[] {
  return [...new Set(messages.map(message => message.replace(/\s+/g, ' ').trim()))].sort();
}

export async function createAll(server: ApiServer, objects: readonly KubernetesObject[]): Promise<void> {
  const paths: Readonly<Record<string, string>> = {
    ValidatingAdmissionPolicy: `${ADMISSION}/validatingadmissionpolicies`,
    ValidatingAdmissionPolicyBinding: `${ADMISSION}/validatingadmissionpolicybindings`,
    Namespace: '/api/v1/namespaces',
  };
  for (const object of objects) {
    const answer = await server.send('POST', paths[object.kind] ?? '', object);
    if (answer.status >= 300)
      throw new Error(`${object.kind} ${object.metadata.name}: ${answer.body.message}`);
  }
}
