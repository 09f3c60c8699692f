"""The sandbox's FSx as a stranger sees it: boto3 as anybody installs it, no word of how the sandbox is made."""

import contextlib
import time
import unittest
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

HOME, AWAY = "eu-central-1", "eu-west-1"
TAGS = [{"Key": "Team", "Value": "stranger"}]
DONE = ("AVAILABLE", "CREATED")
SMALL = {
    "OPENZFS": {"StorageCapacity": 64, "OpenZFSConfiguration": {"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 64}},
    "WINDOWS": {
        "StorageCapacity": 32,
        "WindowsConfiguration": {"ActiveDirectoryId": "d-0123456789", "ThroughputCapacity": 32},
    },
    "LUSTRE": {
        "StorageCapacity": 1200,
        "LustreConfiguration": {"DeploymentType": "PERSISTENT_2", "PerUnitStorageThroughput": 125},
    },
    "ONTAP": {"StorageCapacity": 1024, "OntapConfiguration": {"DeploymentType": "SINGLE_AZ_1", "ThroughputCapacity": 128}},
}


def client(region=HOME, name="fsx", **more):
    return boto3.client(name, region_name=region, **more)


class FsxChecks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home, cls.away = client(), client(AWAY)
        cls.subnets = {
            region: [one["SubnetId"] for one in client(region, "ec2").describe_subnets()["Subnets"]]
            for region in (HOME, AWAY, "us-west-1")
        }

    @contextlib.contextmanager
    def refused(self, code, **members):
        with self.assertRaises(ClientError) as caught:
            yield
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, 400))
        for name, value in members.items():
            self.assertEqual(answer[name], value)

    def until(self, look, is_done):
        deadline = time.monotonic() + 60
        while not is_done(seen := look()):
            self.assertLess(time.monotonic(), deadline, seen)
            time.sleep(0.1)
        return seen

    def file_system(self, kind="OPENZFS", region=HOME, **more):
        fsx = client(region)
        made = fsx.create_file_system(
            FileSystemType=kind, **{"SubnetIds": self.subnets[region][:1], **SMALL[kind], **more}
        )["FileSystem"]["FileSystemId"]
        look = lambda: fsx.describe_file_systems(FileSystemIds=[made])["FileSystems"][0]["Lifecycle"]
        self.until(look, lambda state: state == "AVAILABLE")
        return made

    def look(self, backup, fsx=None):
        return (fsx or self.home).describe_backups(BackupIds=[backup])["Backups"][0]

    def available(self, backup, fsx=None):
        return self.until(lambda: self.look(backup, fsx), lambda seen: seen["Lifecycle"] not in ("CREATING", "COPYING"))

    def backup(self, file_system=None, **more):
        which = {"FileSystemId": file_system or self.file_system(), **more}
        made = self.home.create_backup(**which)["Backup"]["BackupId"]
        self.assertEqual(self.available(made)["Lifecycle"], "AVAILABLE")
        return made

    def copy(self, source, fsx=None, **more):
        return (fsx or self.away).copy_backup(SourceBackupId=source, SourceRegion=HOME, **more)["Backup"]

    def all_backups(self, **more):
        pages = self.home.get_paginator("describe_backups").paginate(**more)
        return [one["BackupId"] for page in pages for one in page["Backups"]]

    def test_backup(self):
        """backs up a file system, sees it become available, and deletes the backup"""
        file_system = self.file_system()
        made = self.home.create_backup(FileSystemId=file_system, Tags=TAGS)["Backup"]
        self.assertEqual((made["Lifecycle"], made["Type"], made["Tags"]), ("CREATING", "USER_INITIATED", TAGS))
        self.assertNotIn("ProgressPercent", made)
        with self.refused("BackupInProgress"):
            self.home.create_backup(FileSystemId=file_system)
        with self.refused("BackupInProgress"):
            self.home.delete_backup(BackupId=made["BackupId"])
        done = self.available(made["BackupId"])
        self.assertEqual((done["Lifecycle"], done["ProgressPercent"]), ("AVAILABLE", 100))
        self.assertEqual(done["FileSystem"]["FileSystemId"], file_system)
        answer = self.home.delete_backup(BackupId=made["BackupId"])
        self.assertEqual((answer["BackupId"], answer["Lifecycle"]), (made["BackupId"], "DELETED"))
        with self.refused("BackupNotFound"):
            self.look(made["BackupId"])
        with self.refused("BackupNotFound"):
            self.home.delete_backup(BackupId=made["BackupId"])

    def test_tokens(self):
        """repeats calls with their token: the first answer again, an error for other parameters"""
        file_system, token = self.file_system(), str(uuid.uuid4())
        create = lambda **more: self.home.create_backup(FileSystemId=file_system, ClientRequestToken=token, **more)
        first = create(Tags=TAGS)["Backup"]["BackupId"]
        self.assertEqual(create(Tags=TAGS)["Backup"]["BackupId"], first)
        with self.refused("IncompatibleParameterError", Parameter="ClientRequestToken"):
            create()
        self.available(first)
        copied = self.copy(first, ClientRequestToken=token)["BackupId"]
        self.assertEqual(self.copy(first, ClientRequestToken=token)["BackupId"], copied)
        with self.refused("IncompatibleParameterError"):
            self.copy(first, ClientRequestToken=token, CopyTags=True)
        self.available(copied, self.away)
        restore = lambda **more: self.away.create_file_system_from_backup(
            BackupId=copied, SubnetIds=self.subnets[AWAY][:1], ClientRequestToken=token, **more
        )["FileSystem"]["FileSystemId"]
        restored = restore()
        self.assertEqual(restore(), restored)
        with self.refused("IncompatibleParameterError"):
            restore(StorageCapacity=128)

    def test_pages(self):
        """reads all backups in pages, some of them short, filtered and by id"""
        one, other = self.file_system(), self.file_system()
        made = [self.backup(one) for _ in range(3)] + [self.backup(other) for _ in range(3)]
        of = lambda *ids: [{"Name": "file-system-id", "Values": list(ids)}]
        self.assertEqual(set(self.all_backups(Filters=of(one), PaginationConfig={"PageSize": 1})), set(made[:3]))
        self.assertEqual(set(self.all_backups(Filters=of(one, other))), set(made))
        page = self.home.describe_backups(MaxResults=2)
        self.assertEqual(len(page["Backups"]), 2)
        self.assertRegex(page["NextToken"], "^[A-Za-z0-9+/]+={0,2}$")
        self.assertLessEqual(len(page["NextToken"]), 255)
        kinds = of(one) + [{"Name": "file-system-type", "Values": ["OPENZFS"]}]
        self.assertEqual(len(self.all_backups(Filters=kinds + [{"Name": "backup-type", "Values": ["USER_INITIATED"]}])), 3)
        self.assertEqual(self.all_backups(Filters=kinds + [{"Name": "backup-type", "Values": ["AUTOMATIC"]}]), [])
        by_id = self.home.describe_backups(BackupIds=made[:2], Filters=of(other))["Backups"]
        self.assertEqual({b["BackupId"] for b in by_id}, set(made[:2]), "ids override filters")
        with self.refused("BackupNotFound"):
            self.home.describe_backups(BackupIds=[made[0], "backup-0123456789abcdef0"])
        with self.refused("BadRequest"):
            self.home.describe_backups(Filters=[{"Name": "file-cache-id", "Values": ["fc-1"]}])
        with self.refused("BadRequest"):
            self.home.describe_backups(NextToken="bm9uc2Vuc2U=")

    def test_copies(self):
        """copies a backup to another region, where it is a backup of its own"""
        source = self.backup(Tags=TAGS)
        copied = self.copy(source, CopyTags=True, Tags=[{"Key": "Made", "Value": "by hand"}])
        self.assertEqual((copied["Lifecycle"], copied["SourceBackupId"], copied["SourceBackupRegion"]), ("COPYING", source, HOME))
        self.assertEqual(len(copied["Tags"]), 2)
        with self.refused("BackupBeingCopied", BackupId=source):
            self.home.delete_backup(BackupId=source)
        done = self.available(copied["BackupId"], self.away)
        self.assertEqual((done["Lifecycle"], done["Type"]), ("AVAILABLE", "USER_INITIATED"))
        self.assertIn(f":{AWAY}:", done["ResourceARN"])
        self.assertIn(f":{AWAY}:", done["KmsKeyId"])

        def deleted():
            try:
                return self.home.delete_backup(BackupId=source)["Lifecycle"]
            except ClientError as error:
                return error.response["Error"]["Code"]

        self.until(deleted, lambda code: code == "DELETED")
        self.assertEqual(self.look(copied["BackupId"], self.away)["Lifecycle"], "AVAILABLE", "it stays without its source")

    def test_copies_refused(self):
        """is told why a backup cannot be copied"""
        file_system = self.file_system()
        pending = self.home.create_backup(FileSystemId=file_system)["Backup"]["BackupId"]
        with self.refused("SourceBackupUnavailable", BackupId=pending):
            self.copy(pending)
        self.available(pending)
        with self.refused("BackupNotFound"):
            self.copy("backup-0123456789abcdef0")
        with self.refused("InvalidRegion"):
            self.away.copy_backup(SourceBackupId=pending, SourceRegion="mars-north-1")
        with self.refused("InvalidDestinationKmsKey"):
            self.copy(pending, KmsKeyId=f"arn:aws:kms:{HOME}:000000000000:key/{uuid.uuid4()}")
        multi_az = self.file_system(
            "WINDOWS",
            SubnetIds=self.subnets[HOME][:2],
            WindowsConfiguration={
                **SMALL["WINDOWS"]["WindowsConfiguration"],
                "DeploymentType": "MULTI_AZ_1",
                "PreferredSubnetId": self.subnets[HOME][0],
            },
        )
        with self.refused("IncompatibleRegionForMultiAZ"):
            self.copy(self.backup(multi_az), client("us-west-1"))

    def test_keys(self):
        """cannot use a key that is disabled: neither to copy from it nor to back up"""
        kms = client(name="kms")
        key = kms.create_key()["KeyMetadata"]
        file_system = self.file_system(KmsKeyId=key["Arn"])
        source = self.backup(file_system)
        kms.disable_key(KeyId=key["KeyId"])
        with self.refused("InvalidSourceKmsKey"):
            self.copy(source)
        failing = self.home.create_backup(FileSystemId=file_system)["Backup"]["BackupId"]
        failed = self.available(failing)
        self.assertEqual(failed["Lifecycle"], "FAILED")
        self.assertIn(key["Arn"], failed["FailureDetails"]["Message"])
        kms.enable_key(KeyId=key["KeyId"])

    def test_copy_slots(self):
        """copies five backups into a region at once, and not six"""
        source, elsewhere = self.backup(), client("us-west-1")
        copies = [self.copy(source, elsewhere)["BackupId"] for _ in range(5)]
        with self.refused("ServiceLimitExceeded", Limit="TOTAL_IN_PROGRESS_COPY_BACKUPS"):
            self.copy(source, elsewhere)
        self.available(copies[0], elsewhere)
        self.copy(source, elsewhere)

    def test_tags(self):
        """tags and untags; characters that FSx does not take are refused"""
        file_system = self.file_system(Tags=TAGS)
        arn = self.home.describe_file_systems(FileSystemIds=[file_system])["FileSystems"][0]["ResourceARN"]
        self.home.tag_resource(ResourceARN=arn, Tags=[{"Key": "Cost Center", "Value": "a/b=c+d-e@f:g_h.i"}])
        self.home.untag_resource(ResourceARN=arn, TagKeys=["Team"])
        tags = self.home.list_tags_for_resource(ResourceARN=arn)["Tags"]
        self.assertEqual(tags, [{"Key": "Cost Center", "Value": "a/b=c+d-e@f:g_h.i"}])
        for wrong in ({"Key": "a", "Value": '{"json": 1}'}, {"Key": "a(b)", "Value": ""}, {"Key": "aws:own", "Value": ""}):
            with self.refused("BadRequest"):
                self.home.create_backup(FileSystemId=file_system, Tags=[wrong])
        with self.refused("BadRequest"):
            self.home.create_backup(FileSystemId=file_system, Tags=[{"Key": f"k{i}", "Value": ""} for i in range(51)])
        with self.refused("ResourceNotFound"):
            self.home.list_tags_for_resource(ResourceARN=arn.replace("fs-", "fs-0")[: len(arn)])
        self.assertEqual(self.all_backups(Filters=[{"Name": "file-system-id", "Values": [file_system]}]), [])

    def test_restore(self):
        """makes a file system from a backup, which cannot be deleted meanwhile"""
        source = self.backup()
        subnets = self.subnets[HOME][:1]
        made = self.home.create_file_system_from_backup(BackupId=source, SubnetIds=subnets, StorageCapacity=128)["FileSystem"]
        self.assertEqual((made["Lifecycle"], made["StorageCapacity"]), ("CREATING", 128))
        with self.refused("BackupRestoring", FileSystemId=made["FileSystemId"]):
            self.home.delete_backup(BackupId=source)
        with self.refused("BadRequest"):
            self.home.create_file_system_from_backup(BackupId=source, SubnetIds=subnets, StorageCapacity=64 - 1)
        with self.refused("InvalidNetworkSettings"):
            self.home.create_file_system_from_backup(BackupId=source, SubnetIds=["subnet-0123456789abcdef0"])
        with self.refused("BackupNotFound"):
            self.home.create_file_system_from_backup(BackupId="backup-0123456789abcdef0", SubnetIds=subnets)
        windows = self.backup(self.file_system("WINDOWS"))
        with self.refused("MissingFileSystemConfiguration"):
            self.home.create_file_system_from_backup(BackupId=windows, SubnetIds=subnets)

    def test_not_backed_up(self):
        """is told of what there are no backups"""
        scratch = self.file_system("LUSTRE", LustreConfiguration={"DeploymentType": "SCRATCH_2"})
        with self.refused("UnsupportedOperation"):
            self.home.create_backup(FileSystemId=scratch)
        linked = self.file_system(
            "LUSTRE", LustreConfiguration={**SMALL["LUSTRE"]["LustreConfiguration"], "ImportPath": "s3://bucket/data"}
        )
        with self.refused("UnsupportedOperation"):
            self.home.create_backup(FileSystemId=linked)
        with self.refused("FileSystemNotFound"):
            self.home.create_backup(FileSystemId="fs-0123456789abcdef0")
        with self.refused("VolumeNotFound"):
            self.home.create_backup(VolumeId="fsvol-0123456789abcdef0")
        with self.refused("BadRequest"):
            self.home.create_backup()

    def test_volumes(self):
        """backs up a volume of ONTAP and makes another of it; its backups cannot be copied"""
        file_system = self.file_system("ONTAP")
        svm = self.home.create_storage_virtual_machine(FileSystemId=file_system, Name="svm")["StorageVirtualMachine"]
        svm_id = svm["StorageVirtualMachineId"]
        machines = lambda: self.home.describe_storage_virtual_machines(StorageVirtualMachineIds=[svm_id])
        self.until(lambda: machines()["StorageVirtualMachines"][0]["Lifecycle"], lambda state: state in DONE)
        inside = {"StorageVirtualMachineId": svm_id, "SizeInMegabytes": 1024, "JunctionPath": "/vol1"}
        volume = self.home.create_volume(VolumeType="ONTAP", Name="vol1", OntapConfiguration=inside)["Volume"]["VolumeId"]
        state = lambda: self.home.describe_volumes(VolumeIds=[volume])["Volumes"][0]["Lifecycle"]
        self.until(state, lambda seen: seen in DONE)
        made = self.home.create_backup(VolumeId=volume)["Backup"]
        self.assertEqual((made["ResourceType"], made["Volume"]["VolumeId"]), ("VOLUME", volume))
        self.available(made["BackupId"])
        self.assertEqual(self.all_backups(Filters=[{"Name": "volume-id", "Values": [volume]}]), [made["BackupId"]])
        with self.refused("UnsupportedOperation"):
            self.copy(made["BackupId"])
        again = {**inside, "JunctionPath": "/vol2"}
        restored = self.home.create_volume_from_backup(BackupId=made["BackupId"], Name="vol2", OntapConfiguration=again)
        self.assertEqual(restored["Volume"]["OntapConfiguration"]["SizeInMegabytes"], 1024)
        with self.refused("StorageVirtualMachineNotFound"):
            self.home.create_volume_from_backup(
                BackupId=made["BackupId"],
                Name="vol3",
                OntapConfiguration={**again, "StorageVirtualMachineId": "svm-0123456789abcdef0"},
            )

    def test_delete_file_system(self):
        """deletes a file system: Windows leaves a last backup, and keeps the user's own"""
        file_system = self.file_system("WINDOWS")
        own = self.backup(file_system)
        last = self.home.delete_file_system(FileSystemId=file_system)["WindowsResponse"]["FinalBackupId"]
        kept = self.all_backups(Filters=[{"Name": "file-system-id", "Values": [file_system]}])
        self.assertEqual(set(kept), {own, last})

        def gone():
            try:
                return self.home.describe_file_systems(FileSystemIds=[file_system])["FileSystems"][0]["Lifecycle"]
            except ClientError as error:
                return error.response["Error"]["Code"]

        self.until(gone, lambda seen: seen == "FileSystemNotFound")
        self.assertEqual(self.available(last)["FileSystem"]["FileSystemId"], file_system)

    def test_services(self):
        """sees AWS Backup's backups among its own, and cannot delete them"""
        file_system = self.file_system()
        service = client(aws_access_key_id="backup.amazonaws.com", aws_secret_access_key="test")
        made = service.create_backup(FileSystemId=file_system)["Backup"]
        self.assertEqual(made["Type"], "AWS_BACKUP")
        self.available(made["BackupId"])
        with self.refused("BadRequest"):
            self.home.delete_backup(BackupId=made["BackupId"])
        of_service = [{"Name": "backup-type", "Values": ["AWS_BACKUP"]}]
        self.assertIn(made["BackupId"], self.all_backups(Filters=of_service))
        service.delete_backup(BackupId=made["BackupId"])

    def test_wrong(self):
        """is told what is wrong with a request, in AWS's words, and what the sandbox lacks in its own"""
        raw = client(config=Config(parameter_validation=False))
        for call, said in (
            (lambda: raw.copy_backup(), "Value null at 'sourceBackupId' failed to satisfy constraint"),
            (lambda: raw.delete_backup(BackupId="snap-1"), "Member must satisfy regular expression pattern"),
            (lambda: raw.describe_backups(MaxResults=0), "Member must have value greater than or equal to 1"),
            (lambda: raw.create_file_system(FileSystemType="NTFS", SubnetIds=[]), "Member must satisfy enum value set"),
        ):
            with self.assertRaises(ClientError) as caught:
                call()
            self.assertEqual(caught.exception.response["Error"]["Code"], "BadRequest")
            self.assertIn(said, caught.exception.response["Error"]["Message"])
        with self.refused("SandboxUnsupported"):
            self.home.describe_file_caches()
        with self.refused("SandboxUnsupported"):
            self.home.create_file_system(
                FileSystemType="OPENZFS", SubnetIds=self.subnets[HOME][:1], NetworkType="DUAL", **SMALL["OPENZFS"]
            )
