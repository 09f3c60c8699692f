/** May be changed while the plane runs; what is in progress keeps the times it began with. */
export interface FsxSettings {
  /** From CreateFileSystem and CreateFileSystemFromBackup to AVAILABLE, volumes and virtual machines too. */
  createMillis: number;
  /** How long a file system is UPDATING. */
  updateMillis: number;
  /** From a Delete call until it is not listed any more. */
  deleteMillis: number;
  /** From the start of a backup to AVAILABLE. */
  backupMillis: number;
  /** From CopyBackup to AVAILABLE. */
  copyMillis: number;
  /** How long a source cannot be deleted after its copy has ended: "briefly" (CopyBackup; how long is not documented). */
  releaseMillis: number;
  /** File systems of each type per region: 100 (FSx user guides, "Quotas"), which AWS raises on request. */
  fileSystems: number;
  /** Copies in progress per destination region: 5, not adjustable (FSx user guides, "Quotas"). */
  copySlots: number;
  /** User-initiated backups per region, those of AWS Backup and copies counted: 500 (FSx user guides, "Quotas"; Lustre and OpenZFS unproven). */
  windowsBackups: number;
  lustreBackups: number;
  openzfsBackups: number;
  /** Of volumes: 10,000. */
  ontapBackups: number;
  /** Most rows of a page, whatever MaxResults asks: unproven, the API says only that pages may be short. */
  pageRows: number;
}

export const defaultSettings = (): FsxSettings => ({
  createMillis: 500,
  updateMillis: 1000,
  deleteMillis: 500,
  backupMillis: 1000,
  copyMillis: 1500,
  releaseMillis: 500,
  fileSystems: 100,
  copySlots: 5,
  windowsBackups: 500,
  lustreBackups: 500,
  openzfsBackups: 500,
  ontapBackups: 10_000,
  pageRows: 100,
});
