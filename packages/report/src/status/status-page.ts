import { createHash } from 'node:crypto';
import {
  type ApplicationStatus,
  type ConfigBehind,
  type DestinationStatus,
  ownConfigBehind,
} from '@slipway/core';
import { type AlikeWords, alikeWords } from './alike-words.ts';
import { type Html, html } from './html.ts';
import { type InstancesWords, instancesWords } from './instances-words.ts';
import { commitLink, type LinkedText, pullLink, runLink } from './status-links.ts';
import { minuteOf, sentencesOf, statusTitle, wordsOf } from './status-words.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem; max-width: 80rem; }
h1 { font-size: 1.4rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: var(--soft); white-space: nowrap; }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
tr.unknown > td:first-child { border-left: 4px solid #888; }
tr.attention > td:first-child { border-left: 4px solid #d1242f; }
tr.waiting > td:first-child { border-left: 4px solid #bf8700; }
tr.fine > td:first-child { border-left: 4px solid #1a7f37; }
section { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; padding: .2rem 1rem; }
li { overflow-wrap: anywhere; }
.limit { opacity: .75; }
`;

/** Nothing is loaded and nothing runs: only this style, by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** What an application runs where, as one page that opens from a file: no script, nothing from elsewhere. */
export function statusPage(status: ApplicationStatus): string {
  const title = statusTitle(status);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<h1>${title}</h1>
<p>As of <time datetime="${status.at}">${minuteOf(status.at)}</time>.</p>
${alikeWords(status).map(alikeList)}<div class="wide"><table>
<thead><tr><th>destination<th>state<th>live<th>since<th>by, why<th>verdict<th>health<th>drift<th>behind</tr></thead>
<tbody>
${status.destinations.map(row => rowOf(row, status))}</tbody>
</table></div>
${status.destinations.map(row => sectionOf(row, status))}${instancesWords(status).map(words => instancesList(words, status))}</body>
</html>
`.html;
}

function alikeList({ title, others }: AlikeWords): Html {
  if (others.length === 0) return html`<p>${title}.</p>\n`;
  const listed = others.map(({ name, state, why }) => html`<li><code>${name}</code> ${state}: ${why}</li>\n`);
  return html`<section><p>${title}:</p><ul>
${listed}</ul></section>
`;
}

function instancesList({ title, lines }: InstancesWords, status: ApplicationStatus): Html {
  if (lines.length === 0) return html`<p>${title}.</p>\n`;
  const listed = lines.map(({ name, pull, text }) => {
    const link = pull === undefined ? html`` : html` ${linked(pullLink(status, pull))}`;
    return html`<li><code>${name}</code>${link}: ${text}</li>\n`;
  });
  return html`<section><p>${title}:</p><ul>
${listed}</ul></section>
`;
}

function rowOf(row: DestinationStatus, status: ApplicationStatus): Html {
  const { name, state, kept, since, why, verdict, health, drift, behind } = wordsOf(row);
  return html`<tr class="${row.state}"><td><code>${name}</code><td>${state}${kept.map(word => html`<br>${word}`)}<td>${liveCell(row, status)}<td>${since}<td>${why}<td>${verdict}<td>${health}<td>${drift}<td>${behind}</tr>
`;
}

function liveCell({ live }: DestinationStatus, status: ApplicationStatus): Html {
  if (live === undefined) return html``;
  const { deploymentTag, commit, configCommit, run, release } = live;
  return html`${deploymentTag === undefined ? '' : html`<code>${deploymentTag}</code> `}${
    commit === undefined ? '' : html`images ${linked(commitLink(status, commit))} `
  }${configCommit === undefined ? '' : html`config ${linked(commitLink(status, configCommit))} `}release ${String(release)} ${
    run === undefined ? '' : linked(runLink(status, run))
  }`;
}

function sectionOf(row: DestinationStatus, status: ApplicationStatus): Html {
  const { name, state } = wordsOf(row);
  const sentences = sentencesOf(row);
  if (sentences.length + (row.drift?.objects.length ?? 0) === 0) return html``;
  return html`<section><h2><code>${name}</code> ${state}</h2>
<ul>
${sentences.map(sentence => html`<li>${sentence}</li>\n`)}${lockLine(row, status)}${row.limits.map(limit => html`<li class="limit">${limit}</li>\n`)}</ul>
${driftTable(row)}${behindLists(row, status)}</section>
`;
}

function driftTable({ drift }: DestinationStatus): Html {
  const { objects = [] } = drift ?? {};
  if (objects.length === 0) return html``;
  const rows = objects.map(({ object, change, fields, by }) => {
    const name = `${object.kind} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}`;
    const listed = fields.map(field => html`<code>${field}</code><br>`);
    return html`<tr><td><code>${name}</code><td>${change}<td>${listed}<td>${by.join(', ')}</tr>\n`;
  });
  return html`<div class="wide"><table><thead><tr><th>drifted object<th>change<th>fields<th>by</tr></thead><tbody>
${rows}</tbody></table></div>
`;
}

/** The run that has the lock, with a link where it is a run of this repository. */
function lockLine({ lock }: DestinationStatus, status: ApplicationStatus): Html {
  if (lock === undefined) return html``;
  const { href } = runLink(status, lock.by);
  return href === undefined ? html`` : html`<li>${linked({ text: 'the run with the lock', href })}</li>\n`;
}

function behindLists({ behind }: DestinationStatus, status: ApplicationStatus): Html {
  if (behind === undefined) return html``;
  const config = ownConfigBehind(behind);
  return html`${changeList('Not promoted yet', behind, status)}${
    config === undefined ? '' : changeList('Configuration that is not promoted yet', config, status)
  }`;
}

function changeList(
  heading: string,
  { pulls = [], commits = [] }: Pick<ConfigBehind, 'pulls' | 'commits'>,
  status: ApplicationStatus,
): Html {
  if (pulls.length + commits.length === 0) return html``;
  const requests = pulls.map(
    ({ number, title }) => html`<li>${linked(pullLink(status, number))} ${title}</li>\n`,
  );
  const listed = commits.map(
    ({ sha, title }) => html`<li>${linked(commitLink(status, sha))} ${title}</li>\n`,
  );
  return html`<p>${heading}:</p><ul>
${requests}${listed}</ul>
`;
}

function linked({ text, href }: LinkedText): Html {
  return href === undefined ? html`${text}` : html`<a href="${href}" rel="noreferrer">${text}</a>`;
}
