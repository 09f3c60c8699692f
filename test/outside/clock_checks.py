"""The sandbox as a stranger sees it whose own clock stands days behind the sandbox's: boto3 works, and tells its times."""

import datetime
import os
import unittest
import urllib.request

import boto3

HOME = "eu-central-1"
AHEAD = datetime.timedelta(days=float(os.environ["DAYS_AHEAD"]))


class ClockChecks(unittest.TestCase):
    def ahead(self, when):
        there = datetime.datetime.now(datetime.timezone.utc) + AHEAD
        self.assertLess(abs((when - there).total_seconds()), 60, f"{when} is not {there}")

    def client(self, service):
        return boto3.client(service, region_name=HOME)

    def test_snapshot(self):
        """sees when a snapshot began"""
        ec2 = self.client("ec2")
        zone = ec2.describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
        volume = ec2.create_volume(AvailabilityZone=zone, Size=1)["VolumeId"]
        self.ahead(ec2.create_snapshot(VolumeId=volume)["StartTime"])

    def test_object(self):
        """sees when an object was written, and can read it by a signed address"""
        s3 = self.client("s3")
        s3.create_bucket(Bucket="clock", CreateBucketConfiguration={"LocationConstraint": HOME})
        answer = s3.put_object(Bucket="clock", Key="a", Body=b"x")
        header = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
        self.ahead(datetime.datetime.strptime(header, "%a, %d %b %Y %H:%M:%S %Z").replace(tzinfo=datetime.timezone.utc))
        self.ahead(s3.head_object(Bucket="clock", Key="a")["LastModified"])
        url = s3.generate_presigned_url("get_object", Params={"Bucket": "clock", "Key": "a"}, ExpiresIn=60)
        with urllib.request.urlopen(url) as found:
            self.assertEqual(found.read(), b"x")

    def test_message(self):
        """sees when a message was sent"""
        sqs = self.client("sqs")
        queue = sqs.create_queue(QueueName="clock")["QueueUrl"]
        sqs.send_message(QueueUrl=queue, MessageBody="x")
        answer = sqs.receive_message(QueueUrl=queue, AttributeNames=["SentTimestamp"])
        sent = int(answer["Messages"][0]["Attributes"]["SentTimestamp"]) / 1000
        self.ahead(datetime.datetime.fromtimestamp(sent, datetime.timezone.utc))

    def test_others(self):
        """sees when a table, a key, a role, a parameter and a schedule were made"""
        table = self.client("dynamodb").create_table(
            TableName="clock",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.ahead(table["TableDescription"]["CreationDateTime"])
        self.ahead(self.client("kms").create_key()["KeyMetadata"]["CreationDate"])
        role = self.client("iam").create_role(RoleName="clock", AssumeRolePolicyDocument="{}")["Role"]
        self.ahead(role["CreateDate"])
        ssm = self.client("ssm")
        ssm.put_parameter(Name="clock", Value="x", Type="String")
        self.ahead(ssm.get_parameter(Name="clock")["Parameter"]["LastModifiedDate"])
        scheduler = self.client("scheduler")
        scheduler.create_schedule(
            Name="clock",
            ScheduleExpression="rate(1 day)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": f"arn:aws:sqs:{HOME}:000000000000:clock", "RoleArn": role["Arn"]},
        )
        self.ahead(scheduler.get_schedule(Name="clock")["CreationDate"])

    def test_session(self):
        """gets credentials that are good there"""
        role = "arn:aws:iam::000000000000:role/clock"
        answer = self.client("sts").assume_role(RoleArn=role, RoleSessionName="clock", DurationSeconds=3600)
        self.ahead(answer["Credentials"]["Expiration"] - datetime.timedelta(hours=1))
