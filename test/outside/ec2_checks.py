"""The sandbox's EC2 as a stranger sees it: boto3 as anybody installs it, no word of how the sandbox is made."""

import contextlib
import unittest

import boto3
from botocore.exceptions import ClientError, WaiterError

HOME, AWAY = "eu-central-1", "eu-west-1"
TAGS = [{"Key": "Team", "Value": "stranger"}]
FAST = {"Delay": 0.2, "MaxAttempts": 100}


def tagged(kind, tags=TAGS):
    return [{"ResourceType": kind, "Tags": tags}]


class Ec2Checks(unittest.TestCase):
    def setUp(self):
        self.home = boto3.client("ec2", region_name=HOME)
        self.away = boto3.client("ec2", region_name=AWAY)
        self.zone = self.home.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]

    @contextlib.contextmanager
    def refused(self, code, status=400):
        with self.assertRaises(ClientError) as caught:
            yield
        answer = caught.exception.response
        self.assertEqual((answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]), (code, status))

    def instances(self, count=1, **more):
        image = self.home.describe_images(Owners=["amazon"], Filters=[{"Name": "architecture", "Values": ["arm64"]}])
        answer = self.home.run_instances(
            ImageId=image["Images"][0]["ImageId"], InstanceType="t4g.nano", MinCount=count, MaxCount=count, **more
        )
        ids = [one["InstanceId"] for one in answer["Instances"]]
        self.home.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=FAST)
        return ids

    def volume(self, **more):
        made = self.home.create_volume(AvailabilityZone=self.zone, **{"Size": 1, "VolumeType": "gp3", **more})
        self.home.get_waiter("volume_available").wait(VolumeIds=[made["VolumeId"]], WaiterConfig=FAST)
        return made["VolumeId"]

    def snapshot(self, volume, tags=TAGS):
        made = self.home.create_snapshot(VolumeId=volume, TagSpecifications=tagged("snapshot", tags))
        self.home.get_waiter("snapshot_completed").wait(SnapshotIds=[made["SnapshotId"]], WaiterConfig=FAST)
        return made["SnapshotId"]

    def test_instances(self):
        """runs instances with their volumes and tags, stops, starts and terminates them"""
        data = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 2, "VolumeType": "gp3", "DeleteOnTermination": True}}
        ids = self.instances(2, BlockDeviceMappings=[data], TagSpecifications=tagged("instance") + tagged("volume"))
        found = [
            instance
            for page in self.home.get_paginator("describe_instances").paginate(InstanceIds=ids)
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
        ]
        self.assertEqual({one["InstanceId"] for one in found}, set(ids))
        for one in found:
            self.assertEqual((one["State"]["Name"], one["Tags"]), ("running", TAGS))
            self.assertEqual({m["DeviceName"] for m in one["BlockDeviceMappings"]}, {one["RootDeviceName"], "/dev/sdf"})
        attached = [{"Name": "attachment.instance-id", "Values": ids}, {"Name": "size", "Values": ["2"]}]
        volumes = self.home.describe_volumes(Filters=attached)["Volumes"]
        self.assertEqual([(v["State"], v["Tags"]) for v in volumes], [("in-use", TAGS)] * 2)
        self.home.stop_instances(InstanceIds=ids)
        self.home.get_waiter("instance_stopped").wait(InstanceIds=ids, WaiterConfig=FAST)
        self.home.start_instances(InstanceIds=ids)
        self.home.get_waiter("instance_running").wait(InstanceIds=ids, WaiterConfig=FAST)
        self.home.terminate_instances(InstanceIds=ids)
        self.home.get_waiter("instance_terminated").wait(InstanceIds=ids, WaiterConfig=FAST)
        self.assertEqual(self.home.describe_volumes(Filters=attached)["Volumes"], [])

    def test_volumes(self):
        """creates, attaches, grows, detaches and deletes a volume"""
        [instance] = self.instances(Placement={"AvailabilityZone": self.zone})
        volume = self.volume(TagSpecifications=tagged("volume"))
        self.home.attach_volume(VolumeId=volume, InstanceId=instance, Device="/dev/sdh")
        self.home.get_waiter("volume_in_use").wait(VolumeIds=[volume], WaiterConfig=FAST)
        with self.refused("VolumeInUse"):
            self.home.delete_volume(VolumeId=volume)
        self.home.modify_volume(VolumeId=volume, Size=3)
        [found] = self.home.describe_volumes(VolumeIds=[volume])["Volumes"]
        self.assertEqual((found["Size"], found["Attachments"][0]["Device"]), (3, "/dev/sdh"))
        self.home.detach_volume(VolumeId=volume)
        self.home.get_waiter("volume_available").wait(VolumeIds=[volume], WaiterConfig=FAST)
        self.home.delete_volume(VolumeId=volume)
        self.home.get_waiter("volume_deleted").wait(VolumeIds=[volume], WaiterConfig=FAST)
        with self.refused("InvalidVolume.NotFound"):
            self.home.describe_volumes(VolumeIds=[volume])

    def test_snapshots(self):
        """snapshots a volume, makes a volume of the snapshot, and deletes it"""
        volume = self.volume(Size=2)
        made = self.home.create_snapshot(VolumeId=volume, Description="by hand", TagSpecifications=tagged("snapshot"))
        self.assertEqual((made["State"], made["VolumeSize"], made["Tags"]), ("pending", 2, TAGS))
        self.home.get_waiter("snapshot_completed").wait(SnapshotIds=[made["SnapshotId"]], WaiterConfig=FAST)
        [found] = self.home.describe_snapshots(SnapshotIds=[made["SnapshotId"]])["Snapshots"]
        self.assertEqual((found["State"], found["Progress"], found["Description"]), ("completed", "100%", "by hand"))
        self.assertLessEqual(found["StartTime"], found["CompletionTime"])
        restored = self.home.create_volume(AvailabilityZone=self.zone, SnapshotId=made["SnapshotId"])
        self.assertEqual((restored["Size"], restored["SnapshotId"]), (2, made["SnapshotId"]))
        self.home.delete_snapshot(SnapshotId=made["SnapshotId"])
        with self.refused("InvalidSnapshot.NotFound"):
            self.home.delete_snapshot(SnapshotId=made["SnapshotId"])

    def test_create_snapshots(self):
        """takes a set of all volumes of an instance, without its boot volume when told"""
        devices = [{"DeviceName": f"/dev/sd{letter}", "Ebs": {"VolumeSize": 1}} for letter in "fg"]
        [instance] = self.instances(BlockDeviceMappings=devices, TagSpecifications=tagged("volume"))
        attached = [{"Name": "attachment.instance-id", "Values": [instance]}]
        volumes = {v["VolumeId"] for v in self.home.describe_volumes(Filters=attached)["Volumes"]}
        whole = self.home.create_snapshots(
            InstanceSpecification={"InstanceId": instance},
            CopyTagsFromSource="volume",
            TagSpecifications=tagged("snapshot", [{"Key": "Set", "Value": "whole"}]),
        )["Snapshots"]
        self.assertEqual({s["VolumeId"] for s in whole}, volumes)
        for one in whole:
            self.assertEqual({t["Key"]: t["Value"] for t in one["Tags"]}, {"Team": "stranger", "Set": "whole"})
        ids = [s["SnapshotId"] for s in whole]
        self.home.get_waiter("snapshot_completed").wait(SnapshotIds=ids, WaiterConfig=FAST)
        data = self.home.create_snapshots(InstanceSpecification={"InstanceId": instance, "ExcludeBootVolume": True})
        self.assertEqual(len(data["Snapshots"]), 2)

    def test_copy(self):
        """copies a snapshot into another region with tags, and restores it there"""
        source = self.snapshot(self.volume())
        arguments = {"SourceRegion": HOME, "SourceSnapshotId": source}
        copy = self.away.copy_snapshot(**arguments, TagSpecifications=tagged("snapshot"))["SnapshotId"]
        self.away.get_waiter("snapshot_completed").wait(SnapshotIds=[copy], WaiterConfig=FAST)
        [found] = self.away.describe_snapshots(SnapshotIds=[copy])["Snapshots"]
        self.assertEqual((found["VolumeSize"], found["Tags"]), (1, TAGS))
        with self.refused("InvalidSnapshot.NotFound"):
            self.home.describe_snapshots(SnapshotIds=[copy])
        self.home.delete_snapshot(SnapshotId=source)
        zone = self.away.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
        restored = self.away.create_volume(AvailabilityZone=zone, SnapshotId=copy)["VolumeId"]
        self.away.get_waiter("volume_available").wait(VolumeIds=[restored], WaiterConfig=FAST)
        late = self.away.copy_snapshot(**arguments)["SnapshotId"]
        with self.assertRaisesRegex(WaiterError, "InvalidSnapshot.NotFound"):
            self.away.get_waiter("snapshot_completed").wait(SnapshotIds=[late], WaiterConfig=FAST)

    def test_pages(self):
        """pages through snapshots: each once, as many a page as asked for"""
        volume = self.volume()
        made = [self.snapshot(volume, [{"Key": "Page", "Value": str(n)}]) for n in range(7)]
        every = {"OwnerIds": ["self"], "Filters": [{"Name": "tag-key", "Values": ["Page"]}]}
        pages = self.home.get_paginator("describe_snapshots").paginate(**every, PaginationConfig={"PageSize": 5})
        sizes, seen = [], []
        for page in pages:
            sizes.append(len(page["Snapshots"]))
            seen += [s["SnapshotId"] for s in page["Snapshots"]]
        self.assertEqual((sizes, sorted(seen)), ([5, 2], sorted(made)))
        with self.refused("InvalidParameterValue"):
            self.home.describe_snapshots(MaxResults=4)
        with self.refused("InvalidParameterCombination"):
            self.home.describe_snapshots(SnapshotIds=made[:1], MaxResults=5)

    def test_filters(self):
        """filters by tag, key, state, volume and wildcard: names joined by and, values by or"""
        one, other = self.volume(), self.volume()
        red = self.snapshot(one, [{"Key": "Colour", "Value": "red"}])
        blue = self.snapshot(other, [{"Key": "Colour", "Value": "blue"}])

        def found(**filters):
            query = [{"Name": name.replace("__", ":"), "Values": values} for name, values in filters.items()]
            query = [{**f, "Name": f["Name"].replace("_", "-")} for f in query]
            return {s["SnapshotId"] for s in self.home.describe_snapshots(OwnerIds=["self"], Filters=query)["Snapshots"]}

        self.assertEqual(found(tag__Colour=["red"]), {red})
        self.assertEqual(found(tag__Colour=["red", "blue"]), {red, blue})
        self.assertEqual(found(tag__Colour=["?l*"]), {blue})
        self.assertEqual(found(tag_key=["Colour"], volume_id=[one]), {red})
        self.assertEqual(found(tag_key=["Colour"], status=["error"]), set())
        self.assertEqual(found(tag__colour=["red"]), set())
        with self.refused("InvalidParameterValue"):
            found(colour=["red"])

    def test_tags(self):
        """adds, replaces, lists and removes tags"""
        volume = self.volume(TagSpecifications=tagged("volume"))
        self.home.create_tags(Resources=[volume], Tags=[{"Key": "Team", "Value": "other"}, {"Key": "Empty", "Value": ""}])
        query = [{"Name": "resource-id", "Values": [volume]}]
        pages = self.home.get_paginator("describe_tags").paginate(Filters=query)
        tags = {t["Key"]: (t["Value"], t["ResourceType"]) for page in pages for t in page["Tags"]}
        self.assertEqual(tags, {"Team": ("other", "volume"), "Empty": ("", "volume")})
        self.home.delete_tags(Resources=[volume], Tags=[{"Key": "Team"}])
        self.assertEqual([t["Key"] for t in self.home.describe_tags(Filters=query)["Tags"]], ["Empty"])
        with self.refused("InvalidParameterValue"):
            self.home.create_tags(Resources=[volume], Tags=[{"Key": "aws:mine", "Value": ""}])

    def test_errors(self):
        """says what is wrong with AWS's error codes"""
        gone = "0123456789abcdef0"
        calls = {
            "InvalidInstanceID.NotFound": lambda: self.home.stop_instances(InstanceIds=[f"i-{gone}"]),
            "InvalidInstanceID.Malformed": lambda: self.home.describe_instances(InstanceIds=["i-what"]),
            "InvalidVolume.NotFound": lambda: self.home.create_snapshot(VolumeId=f"vol-{gone}"),
            "InvalidSnapshot.NotFound": lambda: self.home.describe_snapshots(SnapshotIds=[f"snap-{gone}"]),
            "InvalidSnapshotID.Malformed": lambda: self.home.delete_snapshot(SnapshotId="snap-what"),
            "InvalidZone.NotFound": lambda: self.home.create_volume(AvailabilityZone="mars-1a", Size=1),
            "UnknownVolumeType": lambda: self.home.create_volume(AvailabilityZone=self.zone, Size=1, VolumeType="gp9"),
            "InvalidParameterValue": lambda: self.home.describe_volumes(NextToken="", MaxResults=1),
            "InvalidPaginationToken": lambda: self.home.describe_volumes(NextToken="made up", MaxResults=5),
        }
        for code, call in calls.items():
            with self.subTest(code), self.refused(code):
                call()
        with self.refused("InvalidAction"):
            self.home.describe_fleets()

    def test_dry_run(self):
        """answers a dry run with DryRunOperation and does nothing"""
        volume = self.volume()
        snapshot = self.snapshot(volume)
        calls = [
            lambda: self.home.create_volume(AvailabilityZone=self.zone, Size=1, DryRun=True),
            lambda: self.home.delete_volume(VolumeId=volume, DryRun=True),
            lambda: self.home.create_snapshot(VolumeId=volume, DryRun=True),
            lambda: self.home.delete_snapshot(SnapshotId=snapshot, DryRun=True),
            lambda: self.away.copy_snapshot(SourceRegion=HOME, SourceSnapshotId=snapshot, DryRun=True),
            lambda: self.home.create_tags(Resources=[volume], Tags=TAGS, DryRun=True),
        ]

        def state():
            mine = {"OwnerIds": ["self"]}
            lists = [self.home.describe_snapshots(**mine), self.away.describe_snapshots(**mine)]
            return [self.home.describe_volumes()["Volumes"], *(one["Snapshots"] for one in lists)]

        before = state()
        for call in calls:
            with self.refused("DryRunOperation", status=412):
                call()
        self.assertEqual(state(), before)
        with self.refused("InvalidVolume.NotFound"):
            self.home.delete_volume(VolumeId="vol-0123456789abcdef0", DryRun=True)

    def test_client_token(self):
        """gives the same volume for the same client token, and refuses it for another"""
        arguments = {"AvailabilityZone": self.zone, "ClientToken": "once"}
        first = self.home.create_volume(**arguments, Size=1)["VolumeId"]
        self.assertEqual(self.home.create_volume(**arguments, Size=1)["VolumeId"], first)
        with self.refused("IdempotentParameterMismatch"):
            self.home.create_volume(**arguments, Size=2)

    def test_resources(self):
        """works through boto3's resource objects too"""
        ec2 = boto3.resource("ec2", region_name=HOME)
        volume = ec2.create_volume(AvailabilityZone=self.zone, Size=1, TagSpecifications=tagged("volume"))
        self.home.get_waiter("volume_available").wait(VolumeIds=[volume.id], WaiterConfig=FAST)
        snapshot = volume.create_snapshot(Description="through an object")
        snapshot.wait_until_completed(WaiterConfig=FAST)
        snapshot.reload()
        self.assertEqual((snapshot.state, snapshot.volume_id, snapshot.tags), ("completed", volume.id, None))
        self.assertEqual([s.id for s in volume.snapshots.all()], [snapshot.id])
