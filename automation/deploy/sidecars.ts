import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Removes attribute files that an engine was killed in the middle of writing. The file backend replaces a state at once,
 * but writes the `.attrs` file beside it in place; an empty one makes the state unreadable ("failed to load checkpoint:
 * EOF"), a missing one does not (gocloud.dev v0.46, blob/fileblob/attrs.go).
 */
export async function mendSidecars(backend: string | undefined): Promise<void> {
  if (!backend?.startsWith("file://")) return;
  for (const folder of ["stacks", "locks"]) {
    const root = join(fileURLToPath(backend), ".pulumi", folder);
    const files = await readdir(root, { recursive: true }).catch(() => []);
    for (const file of files.filter((name) => name.endsWith(".attrs"))) {
      const path = join(root, file);
      const size = await stat(path).then(
        (found) => found.size,
        () => undefined,
      );
      if (size === 0) await rm(path, { force: true });
    }
  }
}
