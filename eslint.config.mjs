/** Only rules that need types, or that say what may be used where; Biome does the rest. */
import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

const CLOCK = "the clock is an argument (it comes from the event or from the deps)";

/** What only the edges may touch: elsewhere time and settings are arguments, so that a test can say what they are. */
const ambient = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: `No Date.now(): ${CLOCK}.`,
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `No new Date(): ${CLOCK}.` },
  { selector: "MemberExpression[object.name='Temporal'][property.name='Now']", message: `No Temporal.Now: ${CLOCK}.` },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: "No process.env: settings are read in functions/lib/env.ts and handler.ts.",
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: "No Math.random(): ids come from the event or from the deps.",
  },
];

/** A component lives in one region: it inherits the one provider of its stack and cannot name another. */
const inherited = "a component inherits its provider from its parent; only stacks/ makes one.";
const providers = [
  { selector: "NewExpression[callee.property.name='Provider']", message: `No new Provider: ${inherited}` },
  { selector: "NewExpression[callee.name='Provider']", message: `No new Provider: ${inherited}` },
  { selector: "TSQualifiedName[right.name=/^Provider(Resource)?$/]", message: `No Provider type: ${inherited}` },
  { selector: "TSTypeReference > Identifier[name=/^Provider(Resource)?$/]", message: `No Provider type: ${inherited}` },
  { selector: "ObjectExpression > Property[key.name=/^providers?$/]", message: `No provider option: ${inherited}` },
];

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", ".lockstep/", "**/*.mjs", "**/*.cjs"] },
  {
    files: ["**/*.ts"],
    plugins: { "@typescript-eslint": tseslint.plugin, "@pulumi": pulumi },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-base-to-string": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unsafe-argument": "error",
      "@typescript-eslint/no-unsafe-assignment": "error",
      "@typescript-eslint/no-unsafe-call": "error",
      "@typescript-eslint/no-unsafe-member-access": "error",
      "@typescript-eslint/no-unsafe-return": "error",
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/prefer-promise-reject-errors": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
    },
  },
  {
    files: ["core/**", "kinds/**", "functions/**", "machines/**", "stacks/**", "index.ts"],
    ignores: ["functions/*/handler.ts", "functions/lib/env.ts"],
    rules: { "no-restricted-syntax": ["error", ...ambient] },
  },
  { files: ["components/**"], rules: { "no-restricted-syntax": ["error", ...ambient, ...providers] } },
  {
    // chai's assertions and test doubles are looser than what they stand for.
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);
