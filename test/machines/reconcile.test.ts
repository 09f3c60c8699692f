import validate from "asl-validator";
import { expect } from "chai";
import { type ReconcileParams, reconcile, type State, type StateMachine } from "../../machines/reconcile.asl.js";

const arn = (fn: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${fn}`;
const common = { survey: arn("survey"), plan: arn("plan"), record: arn("record") };
const executors = { make: arn("make"), delete: arn("delete") };
const ROLES: Readonly<Record<string, ReconcileParams>> = {
  plain: { ...common, ...executors },
  "taking-in": { ...common, ...executors, adopt: arn("adopt") },
};

const problems = (machine: StateMachine): string => {
  const { isValid, errorsText } = validate(structuredClone(machine));
  return isValid ? "" : errorsText("; ");
};

const tasks = (machine: StateMachine): [string, State][] =>
  Object.entries(machine.States).filter(([, state]) => state["Type"] === "Task");

/** Whatever a state may lead to. */
function nexts(state: State): string[] {
  const found: string[] = [];
  const visit = (value: unknown, key = ""): void => {
    if (typeof value === "string" && (key === "Next" || key === "Default")) found.push(value);
    else if (typeof value === "object" && value !== null)
      for (const [k, inner] of Object.entries(value)) visit(inner, k);
  };
  visit(state);
  return found;
}

for (const [role, params] of Object.entries(ROLES)) {
  describe(`state machine of a ${role} stack`, () => {
    const machine = reconcile(params);

    it("is valid", () => expect(problems(machine)).to.equal(""));

    it("is JSONPath at every level, because the local interpreter runs no JSONata in a distributed Map", () => {
      const text = JSON.stringify(machine);
      expect([...text.matchAll(/"QueryLanguage":"(\w+)"/g)].map(([, language]) => language)).to.satisfy(
        (all: string[]) => all.every((language) => language === "JSONPath"),
      );
      expect(text).to.not.contain("{%");
    });

    it("has a time limit, named retries with jitter and a catch on every task", () => {
      expect(tasks(machine)).to.have.length(params.adopt === undefined ? 8 : 9);
      for (const [name, state] of tasks(machine)) {
        expect(state["TimeoutSeconds"], name).to.be.greaterThan(0);
        expect(state["Catch"], name).to.have.nested.property("[0].ErrorEquals[0]", "States.ALL");
        const retry = state["Retry"];
        expect(retry, name).to.have.nested.property("[0].JitterStrategy", "FULL");
        expect(retry, name).to.have.nested.property("[0].MaxDelaySeconds");
        const text = JSON.stringify(retry);
        expect(text, name).to.contain('"Throttled"').and.to.contain("Lambda.TooManyRequestsException");
        for (const hopeless of ["States.ALL", "LeaseLost", "InvalidInput", "States.TaskFailed"]) {
          expect(text, name).to.not.contain(hopeless);
        }
      }
    });

    it("uses every function that it is given, and no other", () => {
      const used = tasks(machine).map(([, state]) => JSON.stringify(state["Parameters"]));
      for (const given of Object.values(params))
        expect(used.some((text) => text.includes(`"${given}"`))).to.equal(true);
      const known = new Set(Object.values(params));
      for (const text of used) expect(known.has(/"FunctionName":"([^"]+)"/.exec(text)?.[1])).to.equal(true);
    });

    it("leads every error to the record of the failure and then to a Fail", () => {
      for (const [name, state] of tasks(machine)) {
        if (name === "RecordFailure") continue;
        expect(state["Catch"], name).to.have.nested.property("[0].Next", "RecordFailure");
        expect(state["Catch"], name).to.have.nested.property("[0].ResultPath", "$.error");
      }
      expect(nexts(machine.States["RecordFailure"] ?? {})).to.have.members(["Failed", "Failed"]);
      expect(machine.States["Failed"]).to.include({ Type: "Fail", ErrorPath: "$.error.Error" });
    });

    it("makes, copies, finalizes and deletes, each again while there is more, and goes round again after a mark", () => {
      const chain = [
        { name: "Create", verb: "create", fn: "make", next: "AnyCopy" },
        { name: "Copy", verb: "copy", fn: "make", next: "AnyFinalize" },
        { name: "Finalize", verb: "finalize", fn: "make", next: "AnyDelete" },
        { name: "Delete", verb: "delete", fn: "delete", next: "Record" },
      ];
      expect(nexts(machine.States["Begin"] ?? {})).to.deep.equal(["AnyCreate"]);
      for (const { name, verb, fn, next } of chain) {
        expect(nexts(machine.States[`Any${name}`] ?? {})).to.have.members([name, next]);
        expect(nexts(machine.States[`More${name}`] ?? {})).to.have.members([name, next]);
        expect(machine.States[name]).to.have.nested.property("Parameters.Payload.do", verb);
        expect(machine.States[name]).to.have.nested.property("Parameters.FunctionName", arn(fn));
      }
      expect(nexts(machine.States["IsHeld"] ?? {})).to.have.members(["Coalesced", "Plan"]);
      expect(nexts(machine.States["IsAgain"] ?? {})).to.have.members(["Again", "Done"]);
      const first = params.adopt === undefined ? "Survey" : "TakeIn";
      for (const state of ["Start", "Again"]) expect(nexts(machine.States[state] ?? {})).to.deep.equal([first]);
    });

    it("counts its rounds, and tells record", () => {
      expect(machine.StartAt).to.equal("Start");
      expect(machine.States["Start"]).to.have.nested.property("Parameters.round", 1);
      expect(machine.States["Again"]?.["Parameters"]).to.deep.equal({ "round.$": "States.MathAdd($.round, 1)" });
      expect(machine.States["Begin"]?.["Parameters"]).to.include({ "round.$": "$.round" });
      expect(machine.States["Record"]?.["Parameters"]).to.have.deep.property("Payload", {
        "runId.$": "$.run.runId",
        "round.$": "$.round",
        "plan.$": "$.plan",
        ...(params.adopt && { "refused.$": "$.adopt.refused" }),
      });
    });

    it("reaches every state", () => {
      const reached = new Set<string>();
      const visit = (name: string) => {
        if (reached.has(name)) return;
        reached.add(name);
        nexts(machine.States[name] ?? {}).forEach(visit);
      };
      visit(machine.StartAt);
      expect([...reached].sort()).to.deep.equal(Object.keys(machine.States).sort());
    });

    it("has no limit of its own time, which the local interpreter would ignore", () => {
      expect(machine).to.not.have.property("TimeoutSeconds");
    });
  });
}

it("a state machine invokes its functions in their own partition", () => {
  const china = (fn: string) => arn(fn).replace("arn:aws:", "arn:aws-cn:");
  const machine = reconcile({
    survey: china("survey"),
    plan: china("plan"),
    make: china("make"),
    delete: china("delete"),
    record: china("record"),
  });
  for (const [name, state] of tasks(machine)) {
    expect(state["Resource"], name).to.equal("arn:aws-cn:states:::lambda:invoke");
  }
});

describe("the check of state machines", () => {
  const machine = reconcile({ ...common, ...executors });
  const planted: [string, StateMachine][] = [
    ["a target that is not there", withState(machine, "IsAgain", { Default: "Nowhere" })],
    ["a state that nothing leads to", withState(machine, "Orphan", { Type: "Succeed" })],
    ["a type that is none", withState(machine, "Done", { Type: "Success" })],
    ["a path that is none", withState(machine, "Plan", { ResultPath: "plan" })],
  ];
  for (const [what, broken] of planted) {
    it(`finds ${what}`, () => expect(problems(broken)).to.not.equal(""));
  }
});

function withState(machine: StateMachine, name: string, change: State): StateMachine {
  return { ...machine, States: { ...machine.States, [name]: { ...machine.States[name], ...change } } };
}
