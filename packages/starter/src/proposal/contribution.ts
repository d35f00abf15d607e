import type { JsonObject, ManifestSources, Position, Service } from '@slipway/core';

/** A file that is proposed. Paths are relative to the application's folder, with `/`. */
export interface ProposedFile {
  readonly path: string;
  /** A line that is a guess has `# guess: <why>` behind it, or before it where the format has no comments behind a value. */
  readonly text: string;
  /** What it is for, in half a sentence. */
  readonly about: string;
}

/** A service of slipway.yaml. */
export interface ProposedService {
  readonly name: string;
  readonly service: Service;
  /** Why, if the line is a guess: it becomes a comment, and must be one line. */
  readonly guess?: string;
}

/** A formation, before its placeholders and its comments are written. */
export interface ProposedFormation {
  readonly name: string;
  readonly namespace: string;
  /** Why the namespace is a guess. */
  readonly guess?: string;
  /** The minor version of Kubernetes, which charts need. */
  readonly kubernetes?: string;
  readonly sources?: ManifestSources;
  readonly patches?: readonly JsonObject[];
  /** Patterns of `stencils.include`. */
  readonly stencils?: readonly string[];
  readonly promotedFrom?: string;
  /** Rule packs that it passes. */
  readonly packs?: readonly string[];
  readonly allow?: JsonObject;
}

/** Whether the sources of a formation are folders and files of plain manifests, which no program makes into others. */
export function isPlain({ sources = {} }: ProposedFormation): boolean {
  return Object.values(sources).every(({ manifests }) => manifests !== undefined);
}

/** What a remark is about. */
export type RemarkKind =
  | 'image'
  | 'placeholder'
  | 'secret'
  | 'template'
  | 'placement'
  | 'unread'
  | 'conflict'
  | 'note';

/** Something that would have to change, or that a person should know; nothing is changed for it unless it is asked for. */
export interface Remark {
  readonly kind: RemarkKind;
  readonly at?: Position;
  /** Half a sentence, with foreign text passed through `quote`, and never a secret. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** A question with its likely answer; asked on a terminal only. */
export interface Question {
  /** The key of its answer, such as `registry`. */
  readonly id: string;
  /** One sentence that ends in a question mark. */
  readonly text: string;
  /** The likely answer first. */
  readonly choices: readonly [string, ...string[]];
  /** Whether an answer that is not among the choices is accepted. */
  readonly isOpen: boolean;
  /** What is wrong with an answer, in half a sentence. */
  readonly check?: (answer: string) => string | undefined;
}

/** What one part of the proposal adds to it. */
export interface Contribution {
  readonly services: readonly ProposedService[];
  readonly formations: readonly ProposedFormation[];
  readonly files: readonly ProposedFile[];
  readonly remarks: readonly Remark[];
  readonly questions: readonly Question[];
}

export const NOTHING: Contribution = { services: [], formations: [], files: [], remarks: [], questions: [] };

/** Both, in their order. */
export function together(first: Contribution, second: Contribution): Contribution {
  return {
    services: [...first.services, ...second.services],
    formations: [...first.formations, ...second.formations],
    files: [...first.files, ...second.files],
    remarks: [...first.remarks, ...second.remarks],
    questions: [...first.questions, ...second.questions],
  };
}
