import type { AwsError } from "../gateway/errors.js";
import { functionOf } from "../gateway/scope.js";
import { type Asked, type Need, Needs } from "./call.js";
import { UnknownInPolicy } from "./context.js";
import { decide, policiesOf } from "./decide.js";
import { cannotTell, refusal as refusalOf, sentence } from "./denial.js";
import type { Caller } from "./evaluate.js";
import { type FactSource, Facts, type ResourceFact, type RoleFact } from "./facts.js";
import { needsOf, type Surroundings } from "./needs.js";
import { copyKeyNeeds, copyKeys, type Ec2Facts } from "./services/ec2.js";
import type { FsxFacts } from "./services/fsx.js";
import { s3MissingNeeds } from "./services/objects.js";
import { askedByTask, type TaskCall } from "./task.js";
import { type Denial, type StatementUse, Usage } from "./usage.js";

/** What the judgement rests on. */
export interface Grounds {
  readonly account: string;
  readonly facts: FactSource;
  readonly ec2: Ec2Facts;
  readonly fsx: FsxFacts;
  now(): number;
  /** Told of every right that is refused. */
  tell(message: string): void;
}

/** A role that asks for something, and its rights as they are. */
export interface Principal {
  readonly caller: Caller;
  readonly role: RoleFact;
}

type RawKeys = Readonly<Record<string, string | readonly string[]>>;

/** What the emulator asks about what it does as a role; it says itself what the role's policies are. */
export interface Permit {
  readonly role: RoleFact;
  /** Last part of the session's ARN. */
  readonly session: string;
  readonly region: string;
  /** Rights, where it knows them. */
  readonly needs?: readonly { readonly action: string; readonly resource: string; readonly keys?: RawKeys }[];
  /** What is known of the resources of `needs`, by ARN. */
  readonly resources?: Readonly<Record<string, ResourceFact>>;
  /** Else a call. */
  readonly call?: TaskCall;
}

/** What is decided on a request. */
export interface Admission {
  readonly refusal?: AwsError;
  /** Asked when what the request is about is not there. */
  readonly ifMissing?: () => Promise<AwsError | undefined>;
  readonly keysRefused?: string;
}

/** What the gateway asks. */
export type Rights = Pick<Enforcer, "admit" | "happened">;

/** Decides on calls of roles, as IAM does, and remembers which statement allowed each. */
export class Enforcer {
  readonly usage = new Usage();
  readonly #grounds: Grounds;
  readonly #facts: Facts;

  constructor(grounds: Grounds) {
    this.#grounds = grounds;
    this.#facts = new Facts(grounds.facts);
  }

  /** Decides on a request of a function, whose role it has; everybody else may do all. */
  async admit(asked: Asked, accessKey: string): Promise<Admission> {
    const fn = functionOf(accessKey);
    if (!fn) return {};
    const role = (await this.#facts.functionRole(fn.region, fn.name)) ?? fn.name;
    const principal = await this.roleOf(role, fn.name);
    const refusal = await this.judge(asked, principal);
    if (refusal) return { refusal };
    const ifMissing = asked.service === "s3" ? () => this.#judgeMissing(asked, principal) : undefined;
    const keysRefused = asked.service === "ec2" ? await this.#judgeCopyKeys(asked, principal) : undefined;
    return { ...(ifMissing && { ifMissing }), ...(keysRefused && { keysRefused }) };
  }

  /** Why a service may not make a call as a role; undefined when it may. */
  async whyNot(
    call: Omit<Asked, "account" | "query" | "body"> & { readonly body: string },
    roleArn: string,
    session: string,
  ) {
    const asked = {
      ...call,
      account: this.#grounds.account,
      query: new URLSearchParams(),
      body: Buffer.from(call.body),
    };
    return (await this.judge(asked, await this.roleOf(roleArn, session)))?.message;
  }

  /** To be called when a request was answered, before its caller hears of it. */
  happened(service: string, action: string): void {
    if (Facts.isChange(service, action)) this.forget();
  }

  /** A role by its ARN or name. One that does not exist has no rights. */
  async roleOf(reference: string, session: string): Promise<Principal> {
    const name = reference.split("/").at(-1) ?? reference;
    const arn = `arn:aws:iam::${this.#grounds.account}:role/${name}`;
    const role = (await this.#facts.role(name)) ?? { arn, policies: {}, boundary: null };
    return { role, caller: this.#caller(role, session) };
  }

  /** Why the call is refused, as an answer in AWS's words; undefined when it is allowed. */
  judge(asked: Asked, principal: Principal): Promise<AwsError | undefined> {
    return this.#guarded(async () => {
      const needs = new Needs(asked, principal.caller, this.#grounds.now());
      const because = await this.#all(await needsOf(asked, needs, this.#surroundings()), principal);
      return because === undefined ? undefined : refusalOf(asked.service, because);
    });
  }

  /** The same for hearing that what was asked for is not there. */
  #judgeMissing(asked: Asked, principal: Principal): Promise<AwsError | undefined> {
    return this.#guarded(async () => {
      const needs = new Needs(asked, principal.caller, this.#grounds.now());
      const because = await this.#all(s3MissingNeeds(asked, needs), principal);
      return because === undefined ? undefined : refusalOf(asked.service, because);
    });
  }

  /** Why EBS may not use the keys of a copy on the caller's behalf; it finds out later and the copy fails. */
  async #judgeCopyKeys(asked: Asked, principal: Principal): Promise<string | undefined> {
    const named = copyKeys(asked, this.#grounds.ec2);
    const keys: string[] = [];
    for (const key of [named.source, named.target]) {
      const arn = key === undefined ? undefined : (await this.#facts.resource(key))?.arn;
      keys.push(arn ?? "");
    }
    const [source, target] = keys;
    const needs = new Needs(asked, principal.caller, this.#grounds.now());
    return this.#all(copyKeyNeeds(needs, source, target), principal);
  }

  /** Answers the emulator: nothing, or why not. For `needs` nothing is looked up, so that it may wait wherever it asks. */
  async permit({
    role,
    session,
    region,
    needs = [],
    resources = {},
    call,
  }: Permit): Promise<{ readonly message?: string }> {
    const principal = { role, caller: this.#caller(role, session) };
    const { account } = this.#grounds;
    const asked = askedByTask(call ?? { service: "", action: "", parameters: {} }, region, account);
    if (call) {
      const refusal = await this.judge(asked, principal);
      return refusal ? { message: refusal.message } : {};
    }
    const make = new Needs(asked, principal.caller, this.#grounds.now());
    const all = needs.map(
      ({ action, resource, keys = {} }): Need => ({ ...make.need(action, resource, keys), guardedBy: resource }),
    );
    const refusal = await this.#guarded(async () => {
      const message = this.#decideAll(all, principal, (arn) => resources[arn] ?? null);
      return message === undefined ? undefined : refusalOf("", message);
    });
    return refusal ? { message: refusal.message } : {};
  }

  /** Every statement there is, what it allowed, and what was denied. */
  async report(): Promise<{ readonly statements: readonly StatementUse[]; readonly denied: readonly Denial[] }> {
    const roles = await this.#facts.roles();
    const read = roles.map((role) => ({ name: nameOf(role), policies: policiesOf(role) }));
    return { statements: this.usage.statements(read), denied: this.usage.denials() };
  }

  /** To be called when a request that may change policies was answered. */
  forget(): void {
    this.#facts.forget();
  }

  async #all(needs: readonly Need[], principal: Principal): Promise<string | undefined> {
    const resources = new Map<string, ResourceFact | null>();
    for (const { guardedBy } of needs) {
      if (guardedBy !== undefined) resources.set(guardedBy, await this.#facts.resource(guardedBy));
    }
    return this.#decideAll(needs, principal, (arn) => resources.get(arn) ?? null);
  }

  /** Counts the statements only of calls that are allowed whole. */
  #decideAll(
    needs: readonly Need[],
    { role, caller }: Principal,
    resource: (arn: string) => ResourceFact | null,
  ): string | undefined {
    const allowed: (readonly [string, string, string])[] = [];
    for (const need of needs) {
      const decision = decide(need, caller, role, need.guardedBy === undefined ? null : resource(need.guardedBy));
      if (!decision.allowed) {
        const { action, resource } = need;
        const message = sentence(caller, action, resource, decision.because);
        this.#grounds.tell(`denied: ${message}`);
        this.usage.deny({ role: nameOf(role), action, resource, message });
        return message;
      }
      if (decision.by) allowed.push([decision.by.policy, decision.by.sid, need.action]);
    }
    for (const [policy, sid, action] of allowed) this.usage.count(nameOf(role), policy, sid, action);
    return undefined;
  }

  async #guarded(judge: () => Promise<AwsError | undefined>): Promise<AwsError | undefined> {
    try {
      return await judge();
    } catch (error) {
      if (error instanceof UnknownInPolicy) return cannotTell(error);
      throw error;
    }
  }

  #caller({ arn }: RoleFact, session: string): Caller {
    const { account } = this.#grounds;
    const name = arn.split("/").at(-1) ?? "";
    return { roleArn: arn, sessionArn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`, account };
  }

  #surroundings(): Surroundings {
    const key = async (arn: string) => (await this.#facts.resource(arn))?.key ?? undefined;
    const keyArn = async (arn: string) => (await this.#facts.resource(arn))?.arn;
    const { ec2, fsx } = this.#grounds;
    return { ec2, fsx, keyOf: key, keyArn };
  }
}

const nameOf = ({ arn }: RoleFact): string => arn.split("/").at(-1) ?? arn;
