import * as pulumi from "@pulumi/pulumi";

export const ACCOUNT = "111122223333";

/** A resource as the program asked for it. */
export interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URN and id of its provider; empty where it would fall back to a default one. */
  readonly provider: string;
  readonly custom: boolean;
}

/** The resources of one type. */
export const ofType = (made: readonly Made[], type: string): Made[] => made.filter((one) => one.type === type);

/**
 * Runs a program under mocks and says what it made. An invoke that is not listed here is an error: a mock that answers
 * anything proves nothing.
 */
export async function recordProgram(program: () => unknown, invokes: Invokes = INVOKES): Promise<Made[]> {
  const made: Made[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider, custom }) => {
        made.push({ type, name, inputs, provider: provider ?? "", custom: custom ?? false });
        return { id: `${name}-id`, state: { ...inputs, ...outputsOf(type, inputs) } };
      },
      call: ({ token }) => {
        const answer = invokes[token];
        if (!answer) throw new Error(`the program invoked ${token}, which no mock answers`);
        return answer;
      },
    },
    "lockstep",
    "test",
    false,
  );
  // Pulumi takes down the stack of each of its promises: to look up the sources of each would be a third of the time.
  process.setSourceMapsEnabled(false);
  try {
    program();
  } finally {
    // Waits until every registration is done, those of outputs too.
    await pulumi.runtime.disconnect();
    process.setSourceMapsEnabled(true);
  }
  return made;
}

type Invokes = Readonly<Record<string, Record<string, unknown>>>;

const INVOKES: Invokes = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/test`,
    userId: "AROAEXAMPLE:test",
    id: ACCOUNT,
  },
};

export const KEY_ARN = "arn:aws:mock:::Key/mock";

/** What AWS would add; only what the program reads. */
function outputsOf(type: string, inputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (type === "aws:kms/key:Key") return { arn: KEY_ARN, keyId: "mock" };
  if (type === "aws:ec2/launchTemplate:LaunchTemplate") return { latestVersion: 1 };
  if (type === "awsx:ec2:Vpc") {
    return { vpcId: "vpc", publicSubnetIds: ["public-1", "public-2"], privateSubnetIds: ["private-1", "private-2"] };
  }
  const name = inputs["name"] ?? inputs["bucket"];
  return typeof name === "string" ? { arn: `arn:aws:mock:::${type.split(":").at(-1)}/${name}` } : {};
}
