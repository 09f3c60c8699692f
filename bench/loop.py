"""The same work as a script that an operator would write with boto3: `python loop.py create|expire|copy <region> [<from>]`.
Prints the seconds it took. All state is in the snapshots; nothing is checked, retried or recorded beyond what is here."""

import sys
import time
from collections import defaultdict
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError

KEEP = 3
OURS = [{"Name": "tag:Loop", "Values": ["yes"]}]


def own_snapshots(ec2):
    pages = ec2.get_paginator("describe_snapshots").paginate(OwnerIds=["self"], Filters=OURS)
    return [snapshot for page in pages for snapshot in page["Snapshots"]]


def create(ec2):
    selected = [{"Name": "tag:Backup", "Values": ["loop"]}]
    now = datetime.now(timezone.utc).isoformat()
    for page in ec2.get_paginator("describe_instances").paginate(Filters=selected):
        for reservation in page["Reservations"]:
            for instance in reservation["Instances"]:
                for mapping in instance["BlockDeviceMappings"]:
                    tags = {"Loop": "yes", "Instance": instance["InstanceId"], "CreatedOn": now}
                    ec2.create_snapshot(
                        VolumeId=mapping["Ebs"]["VolumeId"],
                        TagSpecifications=[
                            {"ResourceType": "snapshot", "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
                        ],
                    )


def expire(ec2):
    by_volume = defaultdict(list)
    for snapshot in own_snapshots(ec2):
        by_volume[snapshot["VolumeId"]].append(snapshot)
    for snapshots in by_volume.values():
        snapshots.sort(key=lambda snapshot: snapshot["StartTime"], reverse=True)
        for old in snapshots[KEEP:]:
            ec2.delete_snapshot(SnapshotId=old["SnapshotId"])


def copy(ec2, source):
    for snapshot in own_snapshots(boto3.client("ec2", region_name=source)):
        while True:
            try:
                ec2.copy_snapshot(
                    SourceRegion=source,
                    SourceSnapshotId=snapshot["SnapshotId"],
                    TagSpecifications=[{"ResourceType": "snapshot", "Tags": snapshot["Tags"]}],
                )
                break
            except ClientError as error:
                # 20 copies at once into a region.
                if error.response["Error"]["Code"] != "ResourceLimitExceeded":
                    raise
                time.sleep(1)


def main(work, region, *source):
    ec2 = boto3.client("ec2", region_name=region)
    began = time.monotonic()
    {"create": create, "expire": expire, "copy": copy}[work](ec2, *source)
    print(time.monotonic() - began)


main(*sys.argv[1:])
