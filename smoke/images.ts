import { EC2Client, paginateDescribeImages } from "@aws-sdk/client-ec2";
import { clientConfig } from "../automation/estate/client-config.js";

/** Amazon Linux 2023 for ARM, of which the smallest instances are (AL2023 user guide, "AL2023 AMIs"). */
const FILTERS = [
  { Name: "name", Values: ["al2023-ami-2023.*-arm64"] },
  { Name: "architecture", Values: ["arm64"] },
  { Name: "state", Values: ["available"] },
];

/** The newest such image of a region. */
export async function newestImage(ec2: EC2Client): Promise<string> {
  const found: { readonly id: string; readonly made: string }[] = [];
  for await (const page of paginateDescribeImages(
    { client: ec2, pageSize: 100 },
    { Owners: ["amazon"], Filters: FILTERS },
  )) {
    for (const { ImageId, CreationDate = "" } of page.Images ?? [])
      if (ImageId !== undefined) found.push({ id: ImageId, made: CreationDate });
  }
  const [newest] = found.toSorted((a, b) => (a.made < b.made ? 1 : -1));
  if (newest) return newest.id;
  throw new Error("this region has no image of Amazon Linux 2023 for ARM");
}

/** The same, for who has no client yet; `variables` lead to the target. */
export const newestImageIn = (region: string, variables: Readonly<Record<string, string>>): Promise<string> =>
  newestImage(new EC2Client(clientConfig(region, variables)));
