"""Resource policies that services must get past which come without a role: forgetting one is the classic reason for events
and alarms that never arrive. What roles may do is decided by the gateway (rights.py)."""

import fnmatch
import json


def key_admits(key_id, service):
    """Whether a service may encrypt with a key."""
    from ministack.services import kms

    key = kms._resolve_key(key_id)
    return key is not None and key["KeyState"] == "Enabled" and _admits(key.get("Policy"), service)


def _admits(policy, service):
    """Whether a key's policy lets a service encrypt. A statement with conditions counts for nothing: which keys the
    service sends is not documented."""
    needed = {"kms:Decrypt", "kms:GenerateDataKey"}
    for statement in json.loads(policy or "{}").get("Statement", []):
        principal = statement.get("Principal")
        services = principal.get("Service", []) if isinstance(principal, dict) else principal
        named = [services] if isinstance(services, str) else services
        anybody = principal == "*" or (isinstance(principal, dict) and principal.get("AWS") == "*")
        if statement.get("Effect") != "Allow" or statement.get("Condition") or not (anybody or service in named):
            continue
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            needed -= {one for one in needed if fnmatch.fnmatchcase(one, action)}
    return not needed


def why_not_into(queue, rule_arn):
    """Why EventBridge may not send to a queue for a rule; None when it may. It has no role there, so that the queue's own
    policy decides, and the policy of its key (EventBridge user guide, "Amazon SQS permissions")."""
    from ministack.core.arn import parse_arn
    from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

    attributes = queue["attributes"]
    rule = parse_arn(rule_arn)
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="sqs:SendMessage",
        resource_arn=attributes["QueueArn"],
        region=rule.region,
        secure_transport=True,
        service_context={"aws:sourcearn": rule_arn, "aws:sourceaccount": rule.account_id},
    )
    allowed = evaluate_resource_policy(attributes.get("Policy") or None, context, service="events.amazonaws.com")
    if allowed.decision != "Allow":
        return f"the policy of {attributes['QueueArn']} does not permit events.amazonaws.com to send for {rule_arn}"
    key = attributes.get("KmsMasterKeyId")
    if key and not key_admits(key, "events.amazonaws.com"):
        return f"the policy of the key {key} of {attributes['QueueArn']} does not admit events.amazonaws.com"
    return None
