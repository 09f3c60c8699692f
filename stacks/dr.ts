import type * as pulumi from "@pulumi/pulumi";
import { Region, type RegionArgs, type RegionKind } from "./region.js";

const DR: RegionKind = { type: "lockstep:stacks:Dr" };

/** A DR region: pulls copies of its peers' points and expires them by its own rules, also when the peers are gone. */
export class Dr extends Region {
  constructor(name: string, args: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super(DR, name, args, opts);
  }
}
