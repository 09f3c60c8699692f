import { expect } from "chai";
import { differences, type Form, optionalPaths, pathsOf } from "./facts.js";
import { type Recording, recordingsOf } from "./folder.js";
import { ANSWERS, ERRORS } from "./fsx/answers.js";
import { BACKUP_OF, PROGRESS } from "./fsx/backups.js";
import { FILE_SYSTEM } from "./fsx/file-systems.js";
import { MACHINE, ONTAP_VOLUME } from "./fsx/ontap.js";

interface Row {
  readonly value: Readonly<Record<string, unknown>>;
  readonly form: Form | undefined;
  readonly recording: Recording;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Before this year answers lacked what AWS added since. */
const RECENT = 2022;

const isOld = ({ year = RECENT }: Recording): boolean => year < RECENT;

/** What a recording has of the things that the table describes, and where it describes them. */
function rowsOf(recording: Recording): Row[] {
  const { data, operation } = recording;
  const row = (form: Form | undefined) => (value: Readonly<Record<string, unknown>>) => ({ value, form, recording });
  // Answers of these operations have these lists.
  const list = (name: string) => (data[name] ?? []) as Rows;
  if ("Error" in data) return [];
  switch (operation) {
    case "DescribeFileSystems":
      return list("FileSystems").flatMap((one) => row(FILE_SYSTEM[String(one["FileSystemType"])])(one));
    case "UpdateFileSystem":
      return [row(FILE_SYSTEM["WINDOWS"])(data["FileSystem"] as Rows[0])];
    case "DescribeBackups":
      return list("Backups").flatMap((one) => row(BACKUP_OF[typeOf(one)])(one));
    case "CreateBackup":
      return [row(BACKUP_OF["WINDOWS"])(data["Backup"] as Rows[0])];
    case "DescribeVolumes":
      return list("Volumes")
        .filter((one) => one["VolumeType"] === "ONTAP")
        .map(row(ONTAP_VOLUME));
    case "DescribeStorageVirtualMachines":
      return list("StorageVirtualMachines").map(row(MACHINE));
    default:
      return ANSWERS[operation] ? [row(ANSWERS[operation])(data)] : [];
  }
}

/** Older backups of Windows do not say what they are of. */
function typeOf(backup: Readonly<Record<string, unknown>>): string {
  if ("Volume" in backup) return "ONTAP";
  const { FileSystemType = "WINDOWS" } = backup["FileSystem"] as { readonly FileSystemType?: string };
  return FileSystemType;
}

const recordings = recordingsOf("fsx");
if (recordings)
  describe("the table of FSx's facts, against recorded answers of real AWS", () => {
    const rows = recordings.flatMap(rowsOf);

    it("has every answer as it was, to the last member", () => {
      const found = rows.flatMap(({ value, form, recording }) => {
        if (!form) return [`${recording.file}: the table has nothing of it`];
        return differences(value, form, { old: isOld(recording), path: recording.file });
      });
      expect(found).to.deep.equal([]);
    });

    it("calls nothing seen that was not, and nothing documented that was recorded", () => {
      for (const form of new Set(rows.map((row) => row.form))) {
        if (!form) continue;
        const values = rows.filter((row) => row.form === form).map(({ value }) => value);
        const paths = new Set(values.flatMap((value) => pathsOf(value)));
        expect(optionalPaths(form, "seen").filter((path) => !paths.has(path))).to.deep.equal([]);
        expect(optionalPaths(form, "documented").filter((path) => paths.has(path))).to.deep.equal([]);
      }
    });

    it("has the progress of backups by their state", () => {
      const backups = rows.map(({ value }) => value).filter((value) => "BackupId" in value && "Type" in value);
      for (const { Lifecycle, ProgressPercent } of backups)
        expect(ProgressPercent, String(Lifecycle)).to.equal(PROGRESS[String(Lifecycle)]);
      expect(new Set(backups.map(({ Lifecycle }) => Lifecycle))).to.deep.equal(new Set(Object.keys(PROGRESS)));
    });

    it("has every error that was recorded, with its sentence and status, and no other", () => {
      const errors = recordings.flatMap(({ data, operation, status }) => {
        const error = data["Error"] as { readonly Code: string; readonly Message: string } | undefined;
        return error ? [{ operation, status, ...error }] : [];
      });
      expect(errors).to.have.length(ERRORS.length);
      for (const { operation, status, Code, Message } of errors) {
        const fitting = ERRORS.filter(
          (one) => one.operation === operation && one.code === Code && one.message.test(Message),
        );
        expect(
          fitting.map((one) => one.status),
          `${operation} ${Code}`,
        ).to.deep.equal([status]);
      }
    });
  });
