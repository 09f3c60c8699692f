import type { Resource } from "@pulumi/pulumi";

/** Children that the engine would refuse to delete. Mocks do not see options, so they are read from the resources. */
export function protectedChildren(parent: Resource): string[] {
  const children: unknown = Reflect.get(parent, "__childResources");
  if (!(children instanceof Set)) throw new Error("this @pulumi/pulumi keeps children elsewhere");
  return [...children]
    .filter((child) => Reflect.get(child, "__protect") === true)
    .map((child) => child.constructor.name);
}
