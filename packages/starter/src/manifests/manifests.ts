import { NOTHING } from '../proposal/contribution.ts';
import type { Part } from '../proposal/facts.ts';

/** Sources and formations for the manifests, charts and Kustomize directories that a repository has. */
export const MANIFESTS: Part = () => Promise.resolve(NOTHING);
