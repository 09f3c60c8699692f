import type { Policy } from "./document.js";

/** A statement of a role, and what it allowed. */
export interface StatementUse {
  readonly role: string;
  readonly policy: string;
  readonly sid: string;
  readonly effect: "Allow" | "Deny";
  /** Actions that it allowed, or denied, with how often. */
  readonly used: Readonly<Record<string, number>>;
}

/** A right that was refused. */
export interface Denial {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly message: string;
  readonly count: number;
}

/** Counts which statement decided. */
export class Usage {
  readonly #used = new Map<string, Map<string, number>>();
  readonly #denied = new Map<string, Denial>();

  count(role: string, policy: string, sid: string, action: string): void {
    const key = JSON.stringify([role, policy, sid]);
    const actions = this.#used.get(key) ?? new Map<string, number>();
    actions.set(action, (actions.get(action) ?? 0) + 1);
    this.#used.set(key, actions);
  }

  deny(denial: Omit<Denial, "count">): void {
    const key = JSON.stringify(denial);
    this.#denied.set(key, { ...denial, count: (this.#denied.get(key)?.count ?? 0) + 1 });
  }

  reset(): void {
    this.#used.clear();
    this.#denied.clear();
  }

  /** All statements of the roles there are, those that nothing used too. */
  statements(roles: readonly { readonly name: string; readonly policies: readonly Policy[] }[]): StatementUse[] {
    return roles.flatMap(({ name: role, policies }) =>
      policies.flatMap(({ name: policy, statements }) =>
        statements.map(({ sid, effect }) => {
          const used = Object.fromEntries(this.#used.get(JSON.stringify([role, policy, sid])) ?? []);
          return { role, policy, sid, effect, used };
        }),
      ),
    );
  }

  denials(): Denial[] {
    return [...this.#denied.values()];
  }
}
