import {
  DescribeLaunchTemplatesCommand,
  EC2Client,
  type Instance,
  type LaunchTemplate,
  type LaunchTemplateSpecification,
} from "@aws-sdk/client-ec2";
import { type Context, unlessGone } from "../../resource/resource.js";
import { object, string, type Values } from "../../resource/schema.js";

const FIELDS = {
  id: string({ computed: true, replace: true }),
  name: string({ computed: true, replace: true }),
  version: string({ computed: true, replace: true }),
};
type Template = Values<typeof FIELDS>;

/** What an instance is made from; another template or version makes another instance. */
export const TEMPLATE = object(FIELDS);

/** An id or a name, as EC2 takes them. */
export function toTemplate(template: Template | undefined): LaunchTemplateSpecification | undefined {
  if (!template) return undefined;
  const { id, name, version: Version = "$Default" } = template;
  return id === undefined ? { LaunchTemplateName: name, Version } : { LaunchTemplateId: id, Version };
}

/**
 * The template by the tags that EC2 gives to an instance. As terraform-provider-aws reads it: `$Default` and `$Latest` stay as
 * long as they name the version that the instance was made from.
 */
export async function templateOf(
  context: Context,
  instance: Instance,
  prior: Template | undefined,
): Promise<Template | undefined> {
  const tag = (name: string) => instance.Tags?.find(({ Key }) => Key === `aws:ec2launchtemplate:${name}`)?.Value;
  const [id, version] = [tag("id"), tag("version")];
  if (id === undefined) return undefined;
  const asked = new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] });
  const found = await unlessGone(context.client(EC2Client).send(asked), "InvalidLaunchTemplateId.NotFound");
  const template = found?.LaunchTemplates?.[0];
  const isAlias = prior?.version !== undefined && aliased(template, prior.version) === version;
  return { id, name: template?.LaunchTemplateName ?? prior?.name, version: isAlias ? prior.version : version };
}

function aliased(template: LaunchTemplate | undefined, alias: string): string | undefined {
  if (alias === "$Default") return String(template?.DefaultVersionNumber);
  return alias === "$Latest" ? String(template?.LatestVersionNumber) : undefined;
}
