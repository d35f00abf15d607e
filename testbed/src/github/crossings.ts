import type { GitHubState } from './state.ts';

interface Change {
  readonly request: string;
  readonly change: (state: GitHubState) => void;
}

interface Meeting {
  readonly request: string;
  readonly count: number;
  readonly waiting: (() => void)[];
}

/** What happens between two requests of one run: by a person, or by another run at the same time. */
export class Crossings {
  readonly #changes: Change[] = [];
  readonly #meetings: Meeting[] = [];

  add(request: string, change: (state: GitHubState) => void): void {
    this.#changes.push({ request, change });
  }

  gather(request: string, count: number): void {
    this.#meetings.push({ request, count, waiting: [] });
  }

  /** @param asked the request that is about to be answered, such as `PATCH /repos/acme/shop/issues/comments/1` */
  async before(asked: string, state: GitHubState): Promise<void> {
    await this.#meet(asked);
    const index = this.#changes.findIndex(({ request }) => asked.startsWith(request));
    if (index >= 0) this.#changes.splice(index, 1)[0]?.change(state);
  }

  #meet(asked: string): Promise<void> {
    const index = this.#meetings.findIndex(({ request }) => asked.startsWith(request));
    const meeting = this.#meetings[index];
    if (meeting === undefined) return Promise.resolve();
    if (meeting.waiting.length + 1 === meeting.count) {
      this.#meetings.splice(index, 1);
      for (const go of meeting.waiting) go();
      return Promise.resolve();
    }
    return new Promise(go => meeting.waiting.push(go));
  }
}
