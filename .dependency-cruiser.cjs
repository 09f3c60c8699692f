/** What may import what. A folder of ours, a package or a builtin that is not named where it must be is an error. */
const DEPLOYED = "^(core|kinds|functions|machines|components|stacks)/|^index\\.ts$";

/** The rooms of core/, bottom up: each knows only those below it. */
const FLOORS = [
  ["names", "schedule"],
  ["config"],
  ["model"],
  ["inventory"],
  ["selection"],
  ["retention"],
  ["planner"],
  ["report"],
];

const floors = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `floor-of-${room}`,
    comment: "A room of core/ imports only from the rooms below it: docs/architecture.md shows them.",
    severity: "error",
    from: { path: `^core/${room}/` },
    to: { path: "^core/", pathNot: `^core/(${[room, ...FLOORS.slice(0, floor).flat()].join("|")})/` },
  })),
);

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...floors,
    {
      name: "core-is-pure",
      comment: "core/ decides; it imports no AWS, no Pulumi and nothing of ours outside core/.",
      severity: "error",
      from: { path: "^core/" },
      to: {
        pathNot: [
          "^core/",
          "(^|/)node_modules/(valibot|croner|fastest-levenshtein|temporal-polyfill|temporal-spec)/",
          "^(node:)?crypto$",
        ],
      },
    },
    {
      name: "machines-are-plain-data",
      comment: "A state machine is built from plain parameters, so that its tests need no AWS and no Pulumi.",
      severity: "error",
      from: { path: "^machines/" },
      to: { pathNot: "^(machines|core)/" },
    },
    {
      name: "functions-know-no-pulumi",
      comment: "Lambda code is bundled: it imports core/, its own folder and the AWS SDK, never the program around it.",
      severity: "error",
      from: { path: "^functions/" },
      to: { path: ["^(components|stacks|machines)/", "^index\\.ts$", "node_modules/@pulumi/"] },
    },
    {
      name: "functions-stay-apart",
      comment: "What two Lambda functions share lies in functions/lib, store and execute.",
      severity: "error",
      from: { path: "^functions/([^/]+)/" },
      to: { path: "^functions/", pathNot: "^functions/($1|lib|store|execute)/" },
    },
    {
      name: "kinds-are-handed-in",
      comment: "What serves every kind gets the kinds' parts from a handler; it knows only what a backend is.",
      severity: "error",
      from: { path: "^functions/", pathNot: "/handler\\.ts$" },
      to: { path: "^kinds/", pathNot: "^kinds/(lib/|(backend|importer|event)\\.ts$)" },
    },
    {
      name: "kinds-stay-apart",
      comment: "A kind's room is opened by the tables beside it; one kind knows nothing of another.",
      severity: "error",
      from: { path: "^(core|functions|machines|components|stacks|kinds/([^/]+))/" },
      to: { path: "^kinds/[^/]+/", pathNot: "^kinds/($2|lib)/" },
    },
    {
      name: "kinds-know-no-function",
      comment: "Functions see backends, and not the other way round: what both need lies in kinds/lib and core/.",
      severity: "error",
      from: { path: "^kinds/" },
      to: { path: "^functions/" },
    },
    {
      name: "kinds-lib-is-below",
      comment: "What all kinds share knows none of them.",
      severity: "error",
      from: { path: "^kinds/lib/" },
      to: { path: "^(kinds|functions|components|stacks|machines)/", pathNot: "^kinds/lib/" },
    },
    {
      name: "rules-are-pure",
      comment: "What a kind decides needs no AWS: its calls lie in aws/, what it deploys in stack/.",
      severity: "error",
      from: { path: "^kinds/(rules\\.ts|[^/]+/[^/]+\\.ts)$", pathNot: "/events\\.ts$|^kinds/lib/" },
      to: { path: ["^kinds/lib/", "^kinds/[^/]+/(aws|stack)/", "node_modules/@(aws-sdk|smithy|pulumi)/"] },
    },
    {
      name: "backends-know-no-pulumi",
      comment: "Lambda functions bundle the kinds' rules and backends: Pulumi is for their stack parts alone.",
      severity: "error",
      from: { path: "^kinds/", pathNot: "^kinds/(stacks?\\.ts$|[^/]+/stack/)" },
      to: { path: ["^(components|stacks|machines)/", "node_modules/@pulumi/", "^kinds/(stacks?\\.ts$|[^/]+/stack/)"] },
    },
    {
      name: "components-no-sdk",
      comment: "A component describes resources; it never calls AWS.",
      severity: "error",
      from: { path: "^(components|stacks)/" },
      to: { path: "node_modules/@(aws-sdk|smithy)/" },
    },
    {
      name: "components-know-no-stack",
      comment: "Only stacks/ puts components together, and only stacks/ knows both regions.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^stacks/|^index\\.ts$" },
    },
    {
      name: "deployed-code-stands-alone",
      comment: "Nothing that is deployed knows of the sandbox, the driver, set-up or the tests.",
      severity: "error",
      from: { path: DEPLOYED },
      to: { path: "^(sandbox|automation|demo|smoke|setup|test|bench|docs)/" },
    },
    {
      name: "deployed-code-has-its-packages",
      comment: "What is deployed uses packages that are installed with the project, not only for its development.",
      severity: "error",
      from: { path: DEPLOYED },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"] },
    },
    {
      name: "command-has-its-packages",
      comment: "What the installed `lockstep` command loads is installed with it, not only for its development.",
      severity: "error",
      from: { path: "^(automation|demo|smoke|sandbox)/" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "type-only"] },
    },
    {
      name: "sandbox-knows-no-product",
      comment: "The sandbox is AWS: it must not know the program that runs in it.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: "^(core|kinds|functions|machines|components|stacks|automation|demo|smoke|test|bench)/|^index\\.ts$" },
    },
    {
      name: "sandbox-has-one-door",
      comment: "The driver starts and stops the sandbox through sandbox/control.ts; else it is AWS for it too.",
      severity: "error",
      from: { path: "^(automation|demo|smoke)/" },
      to: { path: "^sandbox/", pathNot: "^sandbox/control\\.ts$" },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: { pathNot: "^(test|bench)/" },
      to: { path: "^(test|bench)/" },
    },
    {
      name: "no-cycles",
      comment: "Files that import each other cannot be read one at a time; imports of types count too.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-undeclared-package",
      comment: "A package that is not in package.json is there by accident.",
      severity: "error",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|\\.lockstep)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
