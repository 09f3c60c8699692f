import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "../../../automation/cli/cli.js";
import { EXIT_CODE } from "../../../automation/cli/outcome.js";

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "cli.md"), "utf8");

const help = (...argv: string[]): string => {
  const parsed = parse([...argv, "--help"]);
  if (parsed.kind !== "help") throw new Error(`no help for ${argv.join(" ")}`);
  return parsed.text;
};

const options = (text: string): string[] => [...new Set(text.match(/--[a-z]+/g) ?? [])].sort();
const commands = [...help().matchAll(/^ {2}lockstep ([a-z]+)/gm)].flatMap(([, name]) => name ?? []);
const shared = options(help());
/** What the script for the shell calls is no option. */
const isOption = (option: string) => option !== "--get";
const own = (text: string) => options(text).filter((option) => isOption(option) && !shared.includes(option));

/** What the page says of each command, by its heading. */
const sections = new Map(
  page.split(/^#{2,3} /m).flatMap((part) => {
    const name = /^`([a-z]+)`\n/.exec(part)?.[1];
    return name === undefined ? [] : [[name, part] as const];
  }),
);

describe("docs/cli.md", () => {
  it("describes every command, and none that does not exist", () => {
    expect(commands).to.have.length.greaterThan(10);
    expect([...sections.keys()].sort()).to.deep.equal([...commands].sort());
  });

  for (const name of commands) {
    it(`describes every option of ${name}, and none that does not exist`, () => {
      // What a section says of the short form of other commands is not an option of its own.
      const section = (sections.get(name) ?? "").replaceAll(/`[a-z]+ --[^`]*`/g, "");
      expect(own(section)).to.deep.equal(own(help(name)));
    });
  }

  it("describes the options that every command takes, and every exit code", () => {
    const head = page.slice(0, page.indexOf("## Exit codes"));
    for (const option of shared) expect(head).to.contain(`\`${option}`);
    const codes = [...page.matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code));
    expect(codes).to.deep.equal(Object.values(EXIT_CODE));
  });
});
