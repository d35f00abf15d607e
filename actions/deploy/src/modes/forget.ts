import { throwIfAny } from '@slipway/core';
import { forgetSecretOf } from '@slipway/delivery';
import type { Runner } from '@slipway/github';
import { describeObject } from '@slipway/kubernetes';
import type { KeptCopy } from '@slipway/release';
import { forgottenMarkdown } from '@slipway/report';
import type { InputsFor } from '../inputs/inputs.ts';
import { surroundingsOf } from '../surroundings.ts';

/**
 * Removes the old values of a secret from the kept releases of a formation.
 * @throws SlipwayError `secret-copy-left` for each that stays, after all of that was shown
 */
export async function forgetAndShow(inputs: InputsFor<'forget'>, runner: Runner): Promise<void> {
  const { identity, removed, missing, left, problems } = await forgetSecretOf(
    inputs.request,
    surroundingsOf(inputs, runner),
  );
  const { word } = inputs.request;
  const sentences = [
    ...removed.map(copy => `${nameOf(copy)} was removed${othersOf(copy, word)}`),
    ...missing.map(copy => `${nameOf(copy)} does not exist: someone else has deleted it`),
    ...left.map(copy => `${nameOf(copy)} is left: ${copy.why}`),
  ];
  runner.setOutput('changes', String(removed.length));
  for (const sentence of sentences) runner.logger.info(sentence);
  const name = `${identity.application}/${identity.formation}`;
  const copies = removed.length === 1 ? '1 kept copy' : `${removed.length} kept copies`;
  const outcome = `secret.${word} of ${name} in namespace ${identity.namespace}: ${copies} removed, ${left.length} left`;
  if (removed.length > 0) runner.logger.info(outcome);
  else runner.logger.warning(`Nothing was forgotten: ${outcome}`);
  runner.addSummary(forgottenMarkdown(identity, { word, sentences, removed: removed.length }));
  throwIfAny(problems);
}

function nameOf({ object, releases }: KeptCopy): string {
  const of =
    releases.length === 0
      ? 'of a release without a record'
      : `of release${releases.length === 1 ? '' : 's'} ${[...releases].sort((a, b) => a - b).join(', ')}`;
  return `${describeObject(object)} ${of}`;
}

/** What is lost with a copy, as a Secret is kept as a whole. */
function othersOf({ words }: KeptCopy, word: string): string {
  const others = words.filter(other => other !== word).map(other => `secret.${other}`);
  return others.length === 0 ? '' : `, and with it ${others.join(', ')}`;
}
