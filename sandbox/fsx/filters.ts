import { badRequest } from "./errors.js";

/** Filters are joined by AND, the values of one by OR (the API reference does not say it). */
export function filterOf<T>(
  filters: readonly { readonly Name?: string | undefined; readonly Values?: readonly string[] | undefined }[] = [],
  fields: Readonly<Record<string, (row: T) => string | undefined>>,
): (row: T) => boolean {
  const tests = filters.map(({ Name = "", Values = [] }) => {
    const read = fields[Name];
    if (!read) throw badRequest(`There is no filter ${Name}; there are: ${Object.keys(fields).join(", ")}`);
    return (row: T) => Values.some((value) => value === read(row));
  });
  return (row) => tests.every((test) => test(row));
}
