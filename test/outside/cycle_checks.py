"""A finished cycle as a stranger sees it: what two regions hold, read with boto3 and the AWS CLI and judged by tags alone."""

import json
import os
import subprocess
import sys
import unittest
from collections import defaultdict
from datetime import datetime, timezone

import boto3

HOME, AWAY = os.environ["OUTSIDE_HOME"], os.environ["OUTSIDE_AWAY"]
OURS = [{"Name": "tag:lockstep:deployment", "Values": [os.environ["OUTSIDE_DEPLOYMENT"]]}]
SELECTED = [{"Name": "tag:Backup", "Values": ["daily"]}, {"Name": "instance-state-name", "Values": ["running"]}]
POINT_KEYS = {"deployment", "policy", "resource", "kind", "home", "point", "scheduled", "size", "level"}
# The rule that it expires by if nobody protects its resource any more: of its own region.
RULE = {"retain"}
COPY_KEYS = POINT_KEYS | {"volume", "device", "source", "taken"}


def tags(thing):
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def aws(*arguments, region):
    """The AWS CLI's answer."""
    command = [sys.executable, "-m", "awscli", *arguments, "--region", region, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"aws {' '.join(arguments)}: {done.stderr}")
    return json.loads(done.stdout)


class CycleChecks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.instances = {
            instance["InstanceId"]: {mapping["Ebs"]["VolumeId"] for mapping in instance["BlockDeviceMappings"]}
            for page in boto3.client("ec2", region_name=HOME).get_paginator("describe_instances").paginate(Filters=SELECTED)
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
        }
        cls.snapshots = {region: cls.ours(region) for region in (HOME, AWAY)}

    @staticmethod
    def ours(region):
        pages = boto3.client("ec2", region_name=region).get_paginator("describe_snapshots")
        found = [s for page in pages.paginate(OwnerIds=["self"], Filters=OURS) for s in page["Snapshots"]]
        return {snapshot["SnapshotId"]: snapshot for snapshot in found}

    def points(self, region):
        points = defaultdict(list)
        for snapshot in self.snapshots[region].values():
            points[tags(snapshot)["lockstep:point"]].append(snapshot)
        self.assertTrue(points, f"no points in {region}")
        return points

    def test_tags(self):
        """every snapshot says by its tags what it is"""
        for region, keys in ((HOME, POINT_KEYS | RULE), (AWAY, COPY_KEYS | RULE)):
            for snapshot in self.snapshots[region].values():
                found = tags(snapshot)
                self.assertEqual({k.removeprefix("lockstep:") for k in found if k.startswith("lockstep:")}, keys)
                self.assertEqual((found["lockstep:home"], found["lockstep:kind"]), (HOME, "instance"))
                scheduled = datetime.fromisoformat(found["lockstep:scheduled"].replace("Z", "+00:00"))
                self.assertLessEqual(scheduled, datetime.now(timezone.utc))

    def test_points(self):
        """every protected instance has a whole set of snapshots: one of each volume, all completed"""
        points = self.points(HOME)
        resources = {tags(parts[0])["lockstep:resource"] for parts in points.values()}
        self.assertTrue(self.instances)
        self.assertEqual(resources, set(self.instances))
        for parts in points.values():
            volumes = self.instances[tags(parts[0])["lockstep:resource"]]
            self.assertEqual({part["VolumeId"] for part in parts}, volumes)
            self.assertEqual({(part["State"], tags(part)["lockstep:size"]) for part in parts}, {("completed", str(len(volumes)))})
            self.assertEqual(len({tuple(sorted(tags(part).items())) for part in parts}), 1)
            self.assertEqual(len({part["StartTime"] for part in parts}), 1)

    def test_copies(self):
        """every set is whole in the other region, each copy made of the snapshot that it names"""
        copies = self.points(AWAY)
        self.assertEqual(set(copies), set(self.points(HOME)))
        named = [tags(copy)["lockstep:source"] for parts in copies.values() for copy in parts]
        self.assertEqual(sorted(named), sorted(self.snapshots[HOME]))
        for parts in copies.values():
            for copy in parts:
                found = tags(copy)
                source = self.snapshots[HOME][found["lockstep:source"]]
                self.assertEqual((copy["State"], copy["VolumeSize"]), ("completed", source["VolumeSize"]))
                self.assertEqual(found["lockstep:volume"], source["VolumeId"])
                for key in POINT_KEYS:
                    self.assertEqual(found[f"lockstep:{key}"], tags(source)[f"lockstep:{key}"], key)

    def test_cli(self):
        """the AWS CLI lists the same snapshots in both regions"""
        for region in (HOME, AWAY):
            named = f"Name={OURS[0]['Name']},Values={OURS[0]['Values'][0]}"
            query = "Snapshots[?State=='completed'].SnapshotId"
            found = aws("ec2", "describe-snapshots", "--owner-ids", "self", "--filters", named, "--query", query, region=region)
            self.assertEqual(sorted(found), sorted(self.snapshots[region]))

    def test_machines(self):
        """the AWS CLI finds each region's state machine, and that none of its runs failed"""
        for region in (HOME, AWAY):
            machines = aws("stepfunctions", "list-state-machines", region=region)["stateMachines"]
            [arn] = [m["stateMachineArn"] for m in machines if m["name"].startswith(OURS[0]["Values"][0])]
            runs = aws("stepfunctions", "list-executions", "--state-machine-arn", arn, region=region)["executions"]
            self.assertTrue(runs)
            self.assertEqual({run["status"] for run in runs}, {"SUCCEEDED"})
