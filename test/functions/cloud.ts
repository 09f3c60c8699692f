import { EC2Client } from "@aws-sdk/client-ec2";
import type { Policy, Settings } from "../../core/model.js";
import { surveyWorld } from "../../functions/lib/survey.js";
import { BY_DEFAULT } from "../support/settings.js";
import { NOW } from "./ec2-shapes.js";
import { answer } from "./fakes.js";

const LIMITS = { copySlots: 20, copyReserve: 2 };
export const HOME = "eu-west-1";
export const DR = "eu-central-1";

export const policy: Policy = {
  name: "daily",
  select: { key: "backup", value: "daily" },
  schedule: "rate(1 hour)",
  retain: { count: 2 },
  copy: [{ region: DR, retain: { count: 3 } }],
};
export const settings = (role: "primary" | "dr", more: Partial<Settings> = {}): Settings => ({
  deployment: "prod",
  role,
  region: role === "primary" ? HOME : DR,
  peers: role === "primary" ? [DR] : [HOME],
  tags: {},
  ...BY_DEFAULT,
  policies: [policy],
  ...more,
});

interface Command {
  readonly input: {
    readonly NextToken?: string;
    readonly Filters?: readonly { Name: string; Values: string[] }[];
    readonly [key: string]: unknown;
  };
}
type Answer = (command: Command) => unknown;
type Api = Readonly<Record<string, Answer>>;

/** What AWS answers where there is nothing. */
const EMPTY: Readonly<Record<string, object>> = {
  DescribeSnapshots: { Snapshots: [] },
  DescribeImages: { Images: [] },
  DescribeInstances: { Reservations: [] },
  DescribeLockedSnapshots: { Snapshots: [] },
  DescribeVolumes: { Volumes: [] },
};

/** Real clients, so that the SDK's paginators run; only the sending is ours. */
export function cloud(regions: Readonly<Record<string, Api>>) {
  const calls: { region: string; action: string; input: Command["input"] }[] = [];
  const ec2 = (region: string) => {
    const { client } = answer(new EC2Client({ region }), async ({ action, input: sent }) => {
      // The inputs of all commands of the SDK are plain objects.
      const input = sent as Command["input"];
      calls.push({ region, action, input });
      return { ...EMPTY[action], ...((await regions[region]?.[action]?.({ input })) ?? {}) };
    });
    return client;
  };
  return { ec2, calls };
}

export const isPendingQuery = ({ input }: Command) =>
  input.Filters?.some((filter) => filter.Name === "status") ?? false;
export const look = (ec2: (region: string) => EC2Client, s: Settings, more: object = {}) =>
  surveyWorld({ ec2, settings: s, requests: [], now: NOW, limits: LIMITS, ...more });
