import type { EC2Client } from "@aws-sdk/client-ec2";
import type { Policy, Settings } from "../../../../core/model/model.js";
import { surveyAll } from "../../../../functions/lib/survey.js";
import { ebsBackend } from "../../../../kinds/ebs/aws/backend.js";
import { RULES } from "../../../../kinds/rules.js";
import { Account, type Given } from "../../../cloud/account.js";
import type { Input } from "../../../cloud/client.js";
import { NOW } from "../../../functions/ec2-shapes.js";
import { BY_DEFAULT } from "../../../support/settings.js";

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

/** Clients of regions that have just this, in pages of so many, and the calls that were made. */
export const cloud = (regions: Readonly<Record<string, Given>>, page = 1000): Account =>
  new Account(regions, { now: () => NOW, page });

/** Whether a call is for the snapshots that are unfinished, whoever made them. */
export const isPendingQuery = (input: Input): boolean => JSON.stringify(input["Filters"] ?? []).includes('"status"');

/** A fault of the calls of one action. */
export const failing = (of: string, error: () => Error) => (action: string) => {
  if (action === of) throw error();
};

/** EBS by these clients, as a controller of the home region has it. */
export const backendOn = (ec2: (region: string) => EC2Client) =>
  ebsBackend({ region: HOME, reading: ec2, creating: ec2(HOME) });

export const look = (ec2: (region: string) => EC2Client, s: Settings, more: object = {}) =>
  surveyAll({ backends: { ebs: backendOn(ec2) }, settings: s, requests: [], now: NOW, rules: RULES, ...more });
