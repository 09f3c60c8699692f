/** Properties that a resource is asked for with. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Where a stack is. */
export interface Place {
  readonly partition: string;
  /** 12 digits, or `*` where it is not told. */
  readonly account: string;
  readonly region: string;
  /** How the names of a stack's things begin: the deployment and the role. */
  readonly prefix: string;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Actions that somebody needs, and on what. */
export interface Need {
  /** `service:Action` as IAM has them (Service Authorization Reference), which is not always the name of the API's operation. */
  readonly actions: readonly string[];
  /** ARNs; `*` where IAM knows no resource of the action: it is then limited to the stacks' regions. */
  readonly on: (inputs: Inputs, place: Place) => readonly string[];
  readonly conditions?: (inputs: Inputs, place: Place) => Conditions;
  /** Why it is there although deploying into the sandbox does not call it. */
  readonly unseen?: string;
}

/** What the life of one kind of resource needs: creating, reading, changing and removing it. */
export type Lifecycle = readonly Need[];

/** Lifecycles by the engine's name of the resource type. */
export type Lifecycles = Readonly<Record<string, Lifecycle>>;

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** An IAM policy. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}
