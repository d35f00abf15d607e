import { isJsonObject, type JsonObject, type Path } from '@slipway/core';
import { nameForms } from '@slipway/kubernetes';
import { inside, listOf, type Report } from './report.ts';

const AT: Path = ['spec', 'conversion'];

/** How the versions of a definition are converted. */
export function checkConversion(conversion: JsonObject, report: Report): void {
  const { strategy, webhook } = conversion;
  if (strategy !== 'None' && strategy !== 'Webhook')
    report('strategy must be None or Webhook', [...AT, 'strategy']);
  const { clientConfig, conversionReviewVersions } = inside(webhook);
  if (strategy !== 'Webhook') {
    if (isJsonObject(clientConfig) || listOf(conversionReviewVersions).length > 0)
      report('webhook must not be set unless strategy is Webhook', [...AT, 'webhook']);
    return;
  }
  const at = [...AT, 'webhook', 'clientConfig'];
  if (isJsonObject(clientConfig)) checkClient(clientConfig, at, report);
  else report('strategy Webhook needs webhook.clientConfig', at);
  checkReviewVersions(listOf(conversionReviewVersions).map(String), report);
}

function checkClient({ url, service }: JsonObject, at: Path, report: Report): void {
  const hasUrl = typeof url === 'string';
  if (hasUrl === isJsonObject(service)) {
    report('exactly one of url and service must be set', at);
    return;
  }
  if (hasUrl) {
    if (!isWebhookUrl(url))
      report('url must be https://<host>/<path>, without a user, a query and a fragment', [...at, 'url']);
    return;
  }
  const { name, namespace, path, port = 443 } = inside(service);
  if (name === '' || namespace === '') report('service needs a name and a namespace', [...at, 'service']);
  if (typeof path === 'string' && !isServicePath(path))
    report('path must be like /convert, each part a name of DNS', [...at, 'service', 'path']);
  if (Number(port) < 1 || Number(port) > 65535)
    report('port must be from 1 to 65535', [...at, 'service', 'port']);
}

/** https://github.com/kubernetes/apiserver/blob/v0.36.3/pkg/util/webhook/validation.go */
function isWebhookUrl(text: string): boolean {
  return /^https:\/\/[^/?#@]+(?:\/[^?#]*)?$/i.test(text) && URL.canParse(text);
}

function isServicePath(path: string): boolean {
  if (path === '' || path === '/') return true;
  if (!path.startsWith('/')) return false;
  const steps = path.slice(1).replace(/\/$/, '').split('/');
  return steps.every(step => nameForms.dns1123Subdomain.validate(step).length === 0);
}

function checkReviewVersions(versions: readonly string[], report: Report): void {
  const at = [...AT, 'webhook', 'conversionReviewVersions'];
  if (!versions.includes('v1') && !versions.includes('v1beta1'))
    report('conversionReviewVersions must contain v1 or v1beta1', at);
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) report('an earlier item is the same', [...at, index]);
    else if (nameForms.dns1035Label.validate(version).length > 0)
      report('must be a version such as v1', [...at, index]);
  }
}
