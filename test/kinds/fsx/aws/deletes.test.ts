import { expect } from "chai";
import { TAG } from "../../../../core/names/tags.js";
import { HOUR } from "../../../core/worlds.js";
import { type Estate, HOME, only, startEstate } from "./estate.js";

describe("kinds/fsx/aws: what is there already, on the sandbox's FSx", () => {
  let estate: Estate;
  beforeEach(async () => {
    estate = await startEstate();
  });
  afterEach(() => estate.stop());
  const withPoint = () => estate.withPoint();

  describe("deletes", () => {
    const gone = (artifacts: readonly string[]) => ({
      ...{ do: "delete", region: HOME, policy: "hourly", resource: "fsx:fs-1", kind: "fsx", point: "p", reason: "" },
      artifacts,
    });

    it("by one call each; what is gone is done", async () => {
      const { changes } = estate;
      const id = await withPoint();
      const artifacts = [id, "backup-00000000000000000"];
      expect(only(await estate.do("primary", [{ ...gone(artifacts), do: "delete" }]))).to.deep.equal({
        is: "done",
        artifacts,
      });
      expect(changes()).to.deep.equal([`DeleteBackup ${HOME}`, `DeleteBackup ${HOME}`]);
      expect(await estate.pointsIn(HOME)).to.deep.equal([]);
    });

    it("keeps what is being made, and the source of a copy until shortly after", async () => {
      const { advance, plane } = estate;
      const id = await withPoint();
      await estate.do("dr", await estate.plan("dr", "copy"));
      const one = { ...gone([id]), do: "delete" } as const;
      const code = async () => {
        const answer = only(await estate.do("primary", [one]));
        return answer.is === "kept" ? answer.why.code : answer.is;
      };
      expect(await code()).to.equal("BackupBeingCopied");
      advance(plane.settings.copyMillis);
      expect(await code(), "briefly after").to.equal("BackupBeingCopied");
      advance(plane.settings.releaseMillis);
      expect(await code()).to.equal("done");
    });

    it("does not take AWS Backup's", async () => {
      const of = await estate.fileSystem();
      const [id = ""] = await estate.plane.plantBackups(HOME, [
        { of, creationTime: new Date(estate.now() - HOUR).toISOString(), type: "AWS_BACKUP", tags: {} },
      ]);
      expect(only(await estate.do("primary", [{ ...gone([id]), do: "delete" }]))).to.include({ is: "failed" });
    });
  });

  it("verifies that a backup is there and available", async () => {
    const id = await withPoint();
    const one = {
      do: "verify",
      region: HOME,
      policy: "hourly",
      resource: "r",
      kind: "fsx",
      point: "p",
      reason: "",
    } as const;
    expect(only(await estate.do("primary", [{ ...one, artifacts: [id] }]))).to.deep.equal({
      is: "done",
      artifacts: [id],
    });
    estate.plane.failBackup(HOME, id, "broken");
    expect(only(await estate.do("primary", [{ ...one, artifacts: [id] }]))).to.deep.include({ is: "failed" });
    expect(only(await estate.do("primary", [{ ...one, artifacts: ["backup-00000000000000000"] }]))).to.include({
      is: "failed",
    });
  });

  it("marks what others made by its ARN", async () => {
    const of = await estate.fileSystem();
    const [id = ""] = await estate.plane.plantBackups(HOME, [
      { of, creationTime: new Date(estate.now() - HOUR).toISOString(), type: "USER_INITIATED", tags: {} },
    ]);
    await estate.backend("primary").importer?.mark(id, { [TAG.deployment]: "prod" });
    expect(estate.plane.facts.find(HOME, id)?.tags).to.include({ [TAG.deployment]: "prod" });
  });
});
