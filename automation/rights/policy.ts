import { type Controller, driverNeeds, engineNeeds, purgeNeeds } from "./driver.js";
import { lifecycleOf } from "./lifecycles.js";
import { matches } from "./match.js";
import type { Inputs, Need, Place, PolicyDocument, Statement } from "./model.js";
import type { Walked } from "./program.js";

export interface RightsOptions {
  /** Also what `down --purge` deletes. */
  readonly purge: boolean;
  /** Bucket of the engine's state. */
  readonly state?: string;
  /** ARN of the key of the engine's secrets. */
  readonly key?: string;
}

/** One action on one thing. */
interface Right {
  readonly action: string;
  readonly on: string;
  readonly region: string;
  readonly conditions: Statement["Condition"];
}

/** The IAM policy that is enough to deploy, change, look after and remove these stacks. */
export function policyOf(stacks: readonly Walked[], options: RightsOptions): PolicyDocument {
  const rights = stacks.flatMap((stack) => rightsOf(stack, options));
  const [first] = stacks;
  if (first) rights.push(...granted(engineNeeds(options.state, options.key), {}, first.place, String));
  return { Version: "2012-10-17", Statement: [...statementsOf(rights), ...passing(stacks)] };
}

function rightsOf(stack: Walked, options: RightsOptions): Right[] {
  const { deployment, role, place } = stack;
  const general = generalised(`${deployment}-${role}`);
  const ofResources = stack.resources.flatMap(({ type, name, inputs }) => {
    try {
      return granted(lifecycleOf(type), inputs, place, general);
    } catch (error) {
      throw new Error(`${role} stack: ${name} (${type}): ${String(error instanceof Error ? error.message : error)}`, {
        cause: error,
      });
    }
  });
  if (role === "workload") return ofResources;
  const controller: Controller = { deployment, role };
  const driver = [...driverNeeds(controller), ...(options.purge ? purgeNeeds(controller) : [])];
  return [...ofResources, ...granted(driver, {}, place, general)];
}

const granted = (needs: readonly Need[], inputs: Inputs, place: Place, general: (text: string) => string): Right[] =>
  needs.flatMap(({ actions, on, conditions }) =>
    on(inputs, place).flatMap((arn) =>
      actions.map((action) => ({
        action,
        on: general(arn),
        region: place.region,
        conditions: conditions && mapValues(conditions(inputs, place), (tests) => mapValues(tests, general)),
      })),
    ),
  );

/**
 * Names that begin with a stack's own prefix stand for all that do: a new function or alarm needs no new policy. The prefix ends
 * with the role, so that another deployment whose name begins alike is not meant.
 */
const generalised = (prefix: string) => {
  const names = new RegExp(`\\b${prefix}-[^/]*`, "g");
  return (text: string) => text.replaceAll(names, `${prefix}-*`);
};

const mapValues = <A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

/** As few statements as say the same: actions that are allowed on the same things under the same conditions share one. */
function statementsOf(rights: readonly Right[]): Statement[] {
  const perAction = Map.groupBy(rights, ({ action, conditions, on }) =>
    JSON.stringify([action, conditions ?? null, on === "*"]),
  );
  const rows = [...perAction.values()].flatMap((same) => {
    const [one] = same;
    if (!one) return [];
    const all = unique(same.map(({ on }) => on));
    const resources = all.filter((on) => !all.some((other) => other !== on && matches(other, on)));
    // What is allowed on everything is allowed in our regions only.
    const regions = { "aws:RequestedRegion": unique(same.map(({ region }) => region)) };
    const everywhere = one.on === "*" ? merged(one.conditions, { StringEquals: regions }) : one.conditions;
    return [{ action: one.action, resources, conditions: everywhere }];
  });
  const shared = Map.groupBy(rows, ({ action, resources, conditions }) =>
    JSON.stringify([action.split(":")[0], resources, conditions ?? null]),
  );
  const numbers = new Map<string, number>();
  return [...shared.values()].flatMap((same) => {
    const [one] = same;
    if (!one) return [];
    const service = one.action.split(":")[0] ?? "";
    const number = (numbers.get(service) ?? 0) + 1;
    numbers.set(service, number);
    return [
      {
        Sid: `${service.charAt(0).toUpperCase()}${service.slice(1)}${number}`,
        Effect: "Allow" as const,
        Action: unique(same.map(({ action }) => action)),
        Resource: one.resources,
        ...(one.conditions && { Condition: one.conditions }),
      },
    ];
  });
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();

const merged = (a: Statement["Condition"], b: NonNullable<Statement["Condition"]>): Statement["Condition"] => {
  const all = { ...a };
  for (const [operator, tests] of Object.entries(b)) all[operator] = { ...all[operator], ...tests };
  return all;
};

/** Roles may be handed to the services that their own trust names, and to no others. */
function passing(stacks: readonly Walked[]): Statement[] {
  const roles = stacks.flatMap((stack) =>
    stack.resources
      .filter(({ type }) => type === "aws:iam/role:Role")
      .map(({ inputs }) => ({ stack, name: String(inputs["name"]), services: trusted(inputs) })),
  );
  if (roles.length === 0) return [];
  const arns = roles.map(({ stack: { deployment, role, place }, name }) =>
    generalised(`${deployment}-${role}`)(`arn:${place.partition}:iam::${place.account}:role/${name}`),
  );
  const services = unique(roles.flatMap((role) => role.services));
  const Condition = { StringEquals: { "iam:PassedToService": services } };
  return [{ Sid: "PassRoles", Effect: "Allow", Action: ["iam:PassRole"], Resource: unique(arns), Condition }];
}

/** The services that a role's trust policy names; our components write nothing else into it. */
function trusted(inputs: Inputs): string[] {
  const { Statement: statements } = JSON.parse(String(inputs["assumeRolePolicy"])) as {
    Statement: { Principal: { Service: string } }[];
  };
  return statements.map(({ Principal }) => Principal.Service);
}
