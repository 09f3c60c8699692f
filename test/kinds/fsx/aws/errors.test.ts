import { FSxClient } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { makeDeleting } from "../../../../kinds/fsx/aws/delete.js";
import { notMade } from "../../../../kinds/fsx/aws/errors.js";
import { awsError } from "../../../functions/fakes.js";

/** Every error that CreateBackup and CopyBackup name (FSx API reference), and what any call may meet. */
const MADE = {
  BackupInProgress: { is: "later" },
  SourceBackupUnavailable: { is: "later" },
  ServiceLimitExceeded: { is: "later", lasting: true },
  ThrottlingException: { is: "later" },
  UnsupportedOperation: { is: "failed", lasting: true },
  InvalidRegion: { is: "failed", lasting: true },
  IncompatibleRegionForMultiAZ: { is: "failed", lasting: true },
  IncompatibleParameterError: { is: "failed", unsure: true },
  BadRequest: { is: "failed" },
  FileSystemNotFound: { is: "failed" },
  VolumeNotFound: { is: "failed" },
  BackupNotFound: { is: "failed" },
  InvalidSourceKmsKey: { is: "failed" },
  InvalidDestinationKmsKey: { is: "failed" },
  AccessDeniedException: { is: "failed" },
} as const;

/** Every error that DeleteBackup names. */
const DELETED = {
  BackupInProgress: "kept",
  BackupBeingCopied: "kept",
  BackupRestoring: "kept",
  BackupNotFound: "done",
  ThrottlingException: "later",
  IncompatibleParameterError: "failed",
  BadRequest: "failed",
  AccessDeniedException: "failed",
} as const;

const failingWith = (error: Error): FSxClient =>
  Object.assign(new FSxClient({ region: "us-east-1" }), {
    send: async () => {
      throw error;
    },
  });

const gone = (artifacts: readonly string[]) =>
  ({
    do: "delete",
    region: "us-east-1",
    policy: "p",
    resource: "r",
    kind: "fsx",
    point: "p",
    reason: "",
    artifacts,
  }) as const;

describe("kinds/fsx/aws: errors", () => {
  for (const [code, meant] of Object.entries(MADE)) {
    it(`${code} of what was to be made: ${JSON.stringify(meant)}`, () => {
      const { why, ...answer } = notMade(awsError(code, 400));
      expect(answer).to.deep.equal(meant);
      expect(why.code).to.equal(code);
    });
  }

  it("without an answer, or with an error of the service, nobody knows whether it was made", () => {
    for (const error of [awsError("InternalServerError", 500), new Error("socket hang up")])
      expect(notMade(error), error.name).to.deep.include({ is: "failed", unsure: true });
  });

  for (const [code, is] of Object.entries(DELETED)) {
    it(`${code} of what was to be deleted: ${is}`, async () => {
      const answer = await makeDeleting(failingWith(awsError(code, 400)))(gone(["backup-1"]));
      expect(answer).to.deep.include({ is, artifacts: is === "done" ? ["backup-1"] : [] });
    });
  }
});
