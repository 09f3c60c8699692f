/** What AWS says on EventBridge of one kind. Types only. */

/** An event that was read. */
export interface Heard {
  /** What happened, and how it ended, for the log. */
  readonly what: string;
  /** Whether it changes anything that a plan depends on. */
  readonly matters: boolean;
}

/** Which events a kind hears of, and what they mean. */
export interface KindEvents {
  /** The service that sends them. */
  readonly source: string;
  readonly detailTypes: readonly string[];
  /** Throws where its detail is none of this kind's. */
  read(detail: unknown): Heard;
}
