import type * as pulumi from "@pulumi/pulumi";
import { Adopter } from "../components/controller/adopter.js";
import { PolicySchedules } from "../components/controller/policy-schedules.js";
import { Region, type RegionArgs, type RegionKind } from "./region.js";

const PRIMARY: RegionKind = {
  type: "lockstep:stacks:Primary",
  schedules: (site, invoker, own) => {
    new PolicySchedules("policy", { site, invoker }, own);
  },
  adopter: (context, own) => new Adopter("adopter", context, own),
};

/** The primary region: makes points of its resources on schedule and expires them. */
export class Primary extends Region {
  constructor(name: string, args: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super(PRIMARY, name, args, opts);
  }
}
