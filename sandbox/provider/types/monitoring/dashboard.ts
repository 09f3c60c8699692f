import {
  CloudWatchClient,
  DeleteDashboardsCommand,
  GetDashboardCommand,
  PutDashboardCommand,
} from "@aws-sdk/client-cloudwatch";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { json, string } from "../../resource/schema.js";

const GONE = ["DashboardNotFoundError", "ResourceNotFound", "ResourceNotFoundException"];

async function put(context: Context, DashboardName: string, DashboardBody: string): Promise<void> {
  const request = new PutDashboardCommand({ DashboardName, DashboardBody });
  const { DashboardValidationMessages: found = [] } = await context.client(CloudWatchClient).send(request);
  if (found.length === 0) return;
  throw new Error(`PutDashboard ${DashboardName}: ${found.map(({ Message }) => Message).join("; ")}`);
}

export const dashboard = resource({
  token: "aws:cloudwatch/dashboard:Dashboard",
  inputs: { dashboardBody: json({ required: true }), dashboardName: string({ required: true, replace: true }) },
  outputs: ["dashboardArn"],
  async create(context, { dashboardName, dashboardBody }) {
    await put(context, dashboardName, dashboardBody);
    return dashboardName;
  },
  async read(context, id) {
    const call = context.client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: id }));
    const seen = await unlessGone(call, ...GONE);
    if (!seen) return undefined;
    // Dashboards are global, so their ARN names no region (Service Authorization Reference, "Amazon CloudWatch").
    const dashboardArn = `arn:${context.partition}:cloudwatch::${context.account}:dashboard/${id}`;
    return { dashboardName: id, dashboardBody: seen.DashboardBody, dashboardArn };
  },
  async update(context, id, { dashboardBody }) {
    await put(context, id, dashboardBody);
  },
  async remove(context, id) {
    const call = context.client(CloudWatchClient).send(new DeleteDashboardsCommand({ DashboardNames: [id] }));
    await unlessGone(call, ...GONE);
  },
});
