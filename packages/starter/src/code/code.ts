import { NOTHING } from '../proposal/contribution.ts';
import type { Part } from '../proposal/facts.ts';

/** Dockerfiles, services and stencils for source code. */
export const CODE: Part = () => Promise.resolve(NOTHING);
