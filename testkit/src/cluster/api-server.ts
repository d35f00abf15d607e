import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parseJson } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an API server's answer, of which tests pick what they compare
  readonly body: any;
  /** The texts of its Warning headers. */
  readonly warnings: readonly string[];
}

/** A real API server, asked as bare as can be: what it says is what is compared. */
export interface ApiServer {
  /** @param body text is sent as it is, and anything else as JSON */
  send(method: string, path: string, body?: unknown, type?: string): Promise<Answer>;
  stop(): void;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

export function openApiServer(kubeconfig: string): ApiServer {
  const [document] = parseDocuments(readFileSync(kubeconfig, 'utf8'), 'kubeconfig');
  if (document === undefined) throw new Error(`${kubeconfig} is empty`);
  const { clusters, users } = document.value as unknown as Kubeconfig;
  const { server = '', 'certificate-authority-data': authority } = clusters[0]?.cluster ?? {};
  const { 'client-certificate-data': certificate, 'client-key-data': key, token } = users[0]?.user ?? {};
  const decode = (text: string | undefined) => (text === undefined ? {} : Buffer.from(text, 'base64'));
  const agent = new Agent({
    keepAlive: true,
    ...(authority === undefined ? { rejectUnauthorized: false } : { ca: decode(authority) as Buffer }),
    ...(certificate === undefined ? {} : { cert: decode(certificate) as Buffer, key: decode(key) as Buffer }),
  });
  const headers = {
    'Content-Type': 'application/json',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
  return {
    send: (method, path, body, type = headers['Content-Type']) =>
      send(`${server}${path}`, { method, agent, headers: { ...headers, 'Content-Type': type } }, body),
    stop: () => agent.destroy(),
  };
}

function send(url: string, options: Parameters<typeof request>[1] & object, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const warnings = answer.rawHeaders.filter(
          (_, index) => answer.rawHeaders[index - 1]?.toLowerCase() === 'warning',
        );
        resolve({
          status: answer.statusCode ?? 0,
          body: parseAnswer(Buffer.concat(chunks).toString()),
          warnings: warnings.map(warningText),
        });
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** `299 - "text"`, in which quotes and backslashes are escaped. */
function warningText(header: string): string {
  const text = Buffer.from(header, 'latin1').toString();
  return (/^\d+ \S+ "(.*)"$/s.exec(text)?.[1] ?? text).replace(/\\(.)/gs, '$1');
}

/** A path that is not served yet is answered with plain text. */
function parseAnswer(text: string): unknown {
  return text.startsWith('{') ? parseJson(text) : { message: text };
}
