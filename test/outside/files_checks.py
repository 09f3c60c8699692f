"""Backups of file systems as a stranger sees them: what two regions hold, read with boto3, judged by tags, and restored."""

import filecmp
import json
import os
import time
import unittest
import urllib.request

import boto3

HOME, AWAY = os.environ["OUTSIDE_HOME"], os.environ["OUTSIDE_AWAY"]
DEPLOYMENT = os.environ["OUTSIDE_DEPLOYMENT"]


def tags(thing):
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def directory(region, file_system):
    """Where the sandbox keeps the files of a file system, which on AWS one would mount."""
    with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/_lockstep/files/{region}/{file_system}") as answer:
        return json.load(answer)["directory"]


def differences(left, right):
    """Paths of files that are on one side alone, or not the same byte for byte."""
    found = filecmp.dircmp(left, right)
    _, other, unread = filecmp.cmpfiles(left, right, found.common_files, shallow=False)
    below = [path for name in found.common_dirs for path in differences(f"{left}/{name}", f"{right}/{name}")]
    return [*found.left_only, *found.right_only, *other, *unread, *below]


class FilesChecks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.backups = {region: cls.ours(region) for region in (HOME, AWAY)}

    @staticmethod
    def ours(region):
        pages = boto3.client("fsx", region_name=region).get_paginator("describe_backups").paginate()
        found = [backup for page in pages for backup in page["Backups"]]
        return [backup for backup in found if tags(backup).get("lockstep:deployment") == DEPLOYMENT]

    def test_tags(self):
        """every backup says by its tags what it is, and is one of the user's"""
        for region in (HOME, AWAY):
            self.assertTrue(self.backups[region], f"no backups in {region}")
            for backup in self.backups[region]:
                found = tags(backup)
                self.assertEqual((found["lockstep:home"], found["lockstep:kind"]), (HOME, "fsx"))
                self.assertEqual((backup["Type"], backup["Lifecycle"]), ("USER_INITIATED", "AVAILABLE"))
                self.assertEqual(found["lockstep:resource"], f"fsx:{backup['FileSystem']['FileSystemId']}")

    def test_copies(self):
        """every copy names the backup that it was made of, and is a copy of the same point"""
        sources = {backup["BackupId"]: tags(backup) for backup in self.backups[HOME]}
        for copy in self.backups[AWAY]:
            self.assertEqual(copy["SourceBackupRegion"], HOME)
            source = sources[copy["SourceBackupId"]]
            for key in ("policy", "resource", "point", "scheduled"):
                self.assertEqual(tags(copy)[f"lockstep:{key}"], source[f"lockstep:{key}"])

    def test_restore(self):
        """a file system made of the newest copy has the files of its source, byte for byte"""
        newest = max(self.backups[AWAY], key=lambda backup: tags(backup)["lockstep:scheduled"])
        fsx, ec2 = boto3.client("fsx", region_name=AWAY), boto3.client("ec2", region_name=AWAY)
        subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
        made = fsx.create_file_system_from_backup(BackupId=newest["BackupId"], SubnetIds=[subnet])
        restored = made["FileSystem"]["FileSystemId"]
        deadline = time.monotonic() + 120
        while (state := self.state(fsx, restored)) == "CREATING" and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(state, "AVAILABLE")
        source, copy = directory(HOME, newest["FileSystem"]["FileSystemId"]), directory(AWAY, restored)
        self.assertTrue(os.listdir(copy))
        self.assertEqual(differences(source, copy), [])
        fsx.delete_file_system(FileSystemId=restored, OpenZFSConfiguration={"SkipFinalBackup": True})

    @staticmethod
    def state(fsx, file_system):
        return fsx.describe_file_systems(FileSystemIds=[file_system])["FileSystems"][0]["Lifecycle"]
