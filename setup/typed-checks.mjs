/** The compiler's errors and the typed lint, on one reading of the types: each alone takes most of its time to read them. */
import { join } from "node:path";
import { ESLint } from "eslint";
import ts from "typescript";
import { ROOT } from "./context.mjs";

const HOST = {
  getCanonicalFileName: (/** @type {string} */ name) => name,
  getCurrentDirectory: () => ROOT,
  getNewLine: () => "\n",
};

/**
 * The program of a tsconfig.json.
 * @param {string} folder
 */
function programOf(folder) {
  const file = join(ROOT, folder, "tsconfig.json");
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const config = ts.getParsedCommandLineOfConfigFile(file, {}, host);
  if (config === undefined) throw new Error(`${file} could not be read`);
  return ts.createProgram({
    rootNames: config.fileNames,
    options: config.options,
    configFileParsingDiagnostics: config.errors,
  });
}

/** @param {ts.Diagnostic} problem @returns {never} */
function fail(problem) {
  throw new Error(ts.formatDiagnostics([problem], HOST));
}

const programs = [programOf("."), programOf("test/setup")];
const problems = programs.flatMap((program) => ts.getPreEmitDiagnostics(program));
if (problems.length > 0) console.log(ts.formatDiagnostics(problems, HOST));

const parserOptions = { programs, projectService: false };
const eslint = new ESLint({ cwd: ROOT, overrideConfig: [{ files: ["**/*.ts"], languageOptions: { parserOptions } }] });
const results = await eslint.lintFiles(["."]);
const found = results.reduce((sum, { errorCount, warningCount }) => sum + errorCount + warningCount, 0);
if (found > 0) console.log(await (await eslint.loadFormatter("stylish")).format(results));
if (problems.length + found > 0) process.exitCode = 1;
