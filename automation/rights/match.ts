/** Whether a name is one that an IAM pattern means: `*` stands for any text, `?` for any character (IAM user guide, "Resource"). */
export function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}
