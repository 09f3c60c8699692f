import type { Inputs, Lifecycles } from "./model.js";
import { anyOf, everything, global, named, of, regional, UNSEEN } from "./needs.js";

const fn = regional("lambda", "function:", "name");
const permitted = regional("lambda", "function:", "function");
const mapping = anyOf("lambda", "event-source-mapping:");
const ofOurFunction = (inputs: Inputs) => ({
  ArnLike: { "lambda:FunctionArn": `arn:*:lambda:*:*:function:${named(inputs, "functionName")}` },
});
const role = global("iam", "role/", "name");
const ofRole = global("iam", "role/", "role");
const machine = regional("states", "stateMachine:", "name");
const group = regional("logs", "log-group:", "name");

/** Code, what runs it, who it runs as and what it logs. */
export const COMPUTE: Lifecycles = {
  "aws:lambda/function:Function": [
    { on: fn, actions: of("lambda", "CreateFunction GetFunction DeleteFunction") },
    {
      on: fn,
      actions: of("lambda", "UpdateFunctionCode UpdateFunctionConfiguration TagResource UntagResource ListTags"),
      unseen: UNSEEN.change,
    },
    {
      on: fn,
      actions: of("lambda", "GetFunctionConfiguration GetFunctionCodeSigningConfig ListVersionsByFunction"),
      unseen: UNSEEN.official,
    },
  ],
  "aws:lambda/permission:Permission": [
    { on: permitted, actions: of("lambda", "AddPermission GetPolicy RemovePermission") },
  ],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    // Lambda makes up the id of a mapping: whose it is, its function tells.
    { on: everything, actions: of("lambda", "CreateEventSourceMapping"), conditions: ofOurFunction },
    {
      on: mapping,
      actions: of("lambda", "GetEventSourceMapping DeleteEventSourceMapping"),
      conditions: ofOurFunction,
    },
    {
      on: mapping,
      actions: of("lambda", "UpdateEventSourceMapping"),
      conditions: ofOurFunction,
      unseen: UNSEEN.change,
    },
    { on: mapping, actions: of("lambda", "ListTags TagResource UntagResource"), unseen: UNSEEN.change },
    { on: everything, actions: of("lambda", "ListEventSourceMappings"), unseen: UNSEEN.recovery },
  ],
  "aws:iam/role:Role": [
    { on: role, actions: of("iam", "CreateRole GetRole DeleteRole") },
    {
      on: role,
      actions: of("iam", "UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy TagRole UntagRole"),
      unseen: UNSEEN.change,
    },
    {
      on: role,
      actions: of("iam", "ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole"),
      unseen: UNSEEN.official,
    },
  ],
  "aws:iam/rolePolicy:RolePolicy": [{ on: ofRole, actions: of("iam", "PutRolePolicy GetRolePolicy DeleteRolePolicy") }],
  "aws:sfn/stateMachine:StateMachine": [
    {
      on: machine,
      actions: of("states", "CreateStateMachine DescribeStateMachine ListTagsForResource DeleteStateMachine"),
    },
    { on: machine, actions: of("states", "UpdateStateMachine TagResource UntagResource"), unseen: UNSEEN.change },
    { on: machine, actions: of("states", "ListStateMachineVersions"), unseen: UNSEEN.official },
    { on: everything, actions: of("states", "ValidateStateMachineDefinition"), unseen: UNSEEN.official },
  ],
  "aws:cloudwatch/logGroup:LogGroup": [
    { on: group, actions: of("logs", "CreateLogGroup PutRetentionPolicy ListTagsForResource DeleteLogGroup") },
    { on: everything, actions: of("logs", "DescribeLogGroups") },
    { on: group, actions: of("logs", "DeleteRetentionPolicy TagResource UntagResource"), unseen: UNSEEN.change },
  ],
};
