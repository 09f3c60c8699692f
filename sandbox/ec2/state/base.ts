/** What all that the plane remembers has in common. */

export type Tags = Readonly<Record<string, string>>;

export interface Base {
  readonly id: string;
  /** Order of creation, over all kinds and regions. */
  readonly seq: number;
  readonly region: string;
  readonly tags: Tags;
}

export interface ClientToken {
  readonly token: string;
  /** Of the request's parameters. */
  readonly hash: string;
}
