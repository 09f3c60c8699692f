type Tags = Readonly<Record<string, string>>;

/** What to set and what to take away to get from one set of tags to another. */
export function tagChanges(next: Tags, prior: Tags | undefined): { set: Record<string, string>; unset: string[] } {
  const before = prior ?? {};
  const set = Object.fromEntries(Object.entries(next).filter(([key, value]) => before[key] !== value));
  return { set, unset: Object.keys(before).filter((key) => !(key in next)) };
}

/** Tags as most services take them. */
export function toTagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as most services give them; AWS's own (`aws:`) are not the resource's. */
export function fromTagList(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Record<string, string> {
  const own = (tags ?? []).filter(({ Key }) => Key !== undefined && !Key.startsWith("aws:"));
  return Object.fromEntries(own.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}
