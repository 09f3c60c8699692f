import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Site } from "../../components/site.js";
import { ACCOUNT } from "./pulumi-mocks.js";
import { BY_DEFAULT } from "./settings.js";

/** Where a component stands when it is built alone. */
export const site = (protect = true): Site => ({
  settings: {
    deployment: "acme",
    role: "primary",
    region: "us-east-1",
    peers: ["us-west-2"],
    tags: {},
    ...BY_DEFAULT,
    policies: [],
  },
  stored: {},
  account: pulumi.output(ACCOUNT),
  partition: pulumi.output("aws"),
  protect,
  logDays: 30,
  tracing: false,
});

/** An explicit provider, as a stack has it. */
export const options = (): pulumi.ComponentResourceOptions => ({
  provider: new aws.Provider("aws", { region: "us-east-1" }),
});
