import type { Call, Commit } from "../call.js";
import { checkId, freshId, notFound } from "../state/ids.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { madeBefore, readClientToken, tokenMismatch } from "../wire/client-token.js";
import { Ec2Error, invalidCombination, missingParameter } from "../wire/errors.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list, timestamp } from "../wire/xml.js";
import type { LaunchTemplate, LaunchTemplateVersion } from "./model.js";
import { readTemplateData, templateDataXml } from "./template-data.js";

const creator = (call: Call): string => `arn:aws:iam::${call.context.account}:root`;
const latestOf = ({ versions }: LaunchTemplate): number => versions.at(-1)?.number ?? 0;

const templateXml = (call: Call, template: LaunchTemplate): string =>
  leaf("launchTemplateId", template.id) +
  leaf("launchTemplateName", template.name) +
  leaf("createTime", timestamp(template.createdAt)) +
  leaf("createdBy", creator(call)) +
  leaf("defaultVersionNumber", template.defaultVersion) +
  leaf("latestVersionNumber", latestOf(template)) +
  tagSet(template.tags);

const versionXml = (call: Call, template: LaunchTemplate, version: LaunchTemplateVersion): string =>
  leaf("launchTemplateId", template.id) +
  leaf("launchTemplateName", template.name) +
  leaf("versionNumber", version.number) +
  leaf("versionDescription", version.description) +
  leaf("createTime", timestamp(version.createdAt)) +
  leaf("createdBy", creator(call)) +
  leaf("defaultVersion", version.number === template.defaultVersion) +
  templateDataXml(version.parameters);

function readVersion(call: Call, params: Params, number: number): LaunchTemplateVersion {
  const description = params.optional("VersionDescription");
  const parameters = readTemplateData(params);
  return { number, createdAt: call.now, parameters, ...(description === undefined ? {} : { description }) };
}

/** API_CreateLaunchTemplate. Names: errors-overview, InvalidLaunchTemplateName.MalformedException. */
export function createLaunchTemplate(call: Call, params: Params): Commit {
  const token = readClientToken(params);
  const [before] = madeBefore(call, params, "launch-template", token, (id) => call.shelf.templates.get(id));
  if (before) return () => branch("launchTemplate", templateXml(call, before));
  const name = params.required("LaunchTemplateName");
  if (!/^[a-zA-Z0-9()./_-]{3,128}$/.test(name)) {
    throw new Ec2Error(
      "InvalidLaunchTemplateName.MalformedException",
      `The launch template name '${name}' is malformed`,
    );
  }
  if ([...call.shelf.templates.after()].some((one) => one.name === name)) {
    const message = `Launch template name already in use. Name: '${name}'`;
    throw new Ec2Error("InvalidLaunchTemplateName.AlreadyExistsException", message);
  }
  const tags = readTagSpecifications(params, ["launch-template"])["launch-template"];
  const version = readVersion(call, params, 1);
  return () => {
    const template: LaunchTemplate = {
      kind: "launch-template",
      id: freshId("lt"),
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      name,
      createdAt: call.now,
      defaultVersion: 1,
      versions: [version],
      ...(token ? { token } : {}),
    };
    call.store.commit([{ put: template }]);
    return branch("launchTemplate", templateXml(call, template));
  };
}

/** The template that LaunchTemplateId or LaunchTemplateName names; just one of them. */
export function readTemplate(call: Call, params: Params): LaunchTemplate {
  const id = params.optional("LaunchTemplateId");
  const name = params.optional("LaunchTemplateName");
  if (id !== undefined && name !== undefined) {
    throw invalidCombination("Specify either LaunchTemplateId or LaunchTemplateName, not both");
  }
  if (id !== undefined) {
    checkId("launch-template", id, "launchTemplateId");
    const found = call.shelf.templates.get(id);
    if (!found) throw notFound("launch-template", [id]);
    return found;
  }
  if (name === undefined) throw missingParameter("LaunchTemplateId or LaunchTemplateName");
  const found = [...call.shelf.templates.after()].find((one) => one.name === name);
  if (!found) throw nameNotFound(name);
  return found;
}

const nameNotFound = (name: string) =>
  new Ec2Error(
    "InvalidLaunchTemplateName.NotFoundException",
    `The specified launch template, with template name ${name}, does not exist.`,
  );

/** A version by number, `$Latest` or `$Default`. */
export function versionOf(template: LaunchTemplate, asked: string): LaunchTemplateVersion {
  const number =
    asked === "$Latest" ? latestOf(template) : asked === "$Default" ? template.defaultVersion : Number(asked);
  const version = template.versions.find((one) => one.number === number);
  if (!version) {
    const message = `Could not find the specified version ${asked} for the launch template with ID ${template.id}.`;
    throw new Ec2Error("InvalidLaunchTemplateId.VersionNotFound", message);
  }
  return version;
}

/** API_CreateLaunchTemplateVersion, without a source version. */
export function createLaunchTemplateVersion(call: Call, params: Params): Commit {
  const template = readTemplate(call, params);
  const token = readClientToken(params);
  const before = template.versions.find((one) => token !== undefined && one.token?.token === token.token);
  if (before && before.token?.hash !== token?.hash) throw tokenMismatch();
  if (before) {
    params.acceptAll();
    return () => branch("launchTemplateVersion", versionXml(call, template, before));
  }
  const read = readVersion(call, params, latestOf(template) + 1);
  const version = token ? { ...read, token } : read;
  return () => {
    const changed = { ...template, versions: [...template.versions, version] };
    call.store.commit([{ put: changed }]);
    return branch("launchTemplateVersion", versionXml(call, changed, version));
  };
}

/** API_ModifyLaunchTemplate: the default version. Doing it again changes nothing, token or not. */
export function modifyLaunchTemplate(call: Call, params: Params): Commit {
  const template = readTemplate(call, params);
  readClientToken(params);
  const { number } = versionOf(template, params.required("SetDefaultVersion"));
  return () => {
    const changed = { ...template, defaultVersion: number };
    call.store.commit([{ put: changed }]);
    return branch("launchTemplate", templateXml(call, changed));
  };
}

/** API_DeleteLaunchTemplate: "deletes all of its versions"; instances made from it stay. */
export function deleteLaunchTemplate(call: Call, params: Params): Commit {
  const template = readTemplate(call, params);
  return () => {
    call.store.commit([{ drop: template.id }]);
    return branch("launchTemplate", templateXml(call, template));
  };
}

const filters: FilterTable<LaunchTemplate> = {
  "create-time": (row) => timestamp(row.createdAt),
  "launch-template-name": (row) => row.name,
};

/** API_DescribeLaunchTemplates: pages of 1 to 200. */
export function describeLaunchTemplates(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("LaunchTemplateId"))];
  const names = [...new Set(params.strings("LaunchTemplateName"))];
  const keep = readFilters(params, filters, tagsOf);
  const page = readPage(call, params, { over: "refuse", limits: [1, 200] });
  for (const id of ids) checkId("launch-template", id, "launchTemplateId");
  const missing = ids.filter((id) => !call.shelf.templates.get(id));
  if (missing.length > 0) throw notFound("launch-template", missing);
  const all = [...call.shelf.templates.after()];
  const unknown = names.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) throw nameNotFound(unknown);
  return () => {
    const named = ({ id, name }: LaunchTemplate): boolean =>
      (ids.length === 0 && names.length === 0) || ids.includes(id) || names.includes(name);
    const rows = call.shelf.templates.after(Number(page.after));
    const found = cut(
      rows,
      page,
      (row) => named(row) && keep(row),
      (row) => String(row.seq),
    );
    return (
      list(
        "launchTemplates",
        found.rows.map((row) => templateXml(call, row)),
      ) + found.next
    );
  };
}

/** API_DescribeLaunchTemplateVersions: of one template, all versions or those that are named, the newest first. */
export function describeLaunchTemplateVersions(call: Call, params: Params): Commit {
  const template = readTemplate(call, params);
  const asked = params.strings("LaunchTemplateVersion");
  const page = readPage(call, params, { over: "refuse", limits: [1, 200] });
  const versions = asked.length > 0 ? asked.map((one) => versionOf(template, one)) : template.versions;
  return () => {
    const rows = [...new Set(versions)].sort((a, b) => b.number - a.number);
    const rest = rows.filter(({ number }) => page.after === "" || number < Number(page.after));
    const found = cut(
      rest,
      page,
      () => true,
      (row) => String(row.number),
    );
    return (
      list(
        "launchTemplateVersionSet",
        found.rows.map((row) => versionXml(call, template, row)),
      ) + found.next
    );
  };
}
