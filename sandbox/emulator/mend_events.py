"""EventBridge: the entry's own time, buses in other regions, dead-letter queues, retries and permissions of targets."""

import contextvars
import fnmatch
import json
import logging

import rights
from mend import replace
from permits import why_not_into

logger = logging.getLogger("lockstep.events")

# AWS's words for entries that lack something (PutEvents API reference).
_REQUIRED = ("Source", "DetailType", "Detail")


# Targets that are reached as the target's role (EventBridge user guide, "Accessing EventBridge targets with IAM roles").
_AS_ROLE = {"events": "events:PutEvents", "states": "states:StartExecution"}


def _entry_error(entry, allow_aws_source):
    for field in _REQUIRED:
        if not entry.get(field):
            return "InvalidArgument", f"Parameter {field} is not valid. Reason: {field} is a required argument."
    if entry["Source"].startswith("aws.") and not allow_aws_source:
        return "NotAuthorizedForSourceException", "Not authorized for the source."
    try:
        if isinstance(json.loads(entry["Detail"]), dict):
            return None
    except ValueError:
        pass
    return "MalformedDetail", "Detail is malformed."


def _put_events(eventbridge):
    def make(original):
        def put_events(data, allow_aws_source=False):
            entries = data.get("Entries") or []
            if not 0 < len(entries) <= 10:
                return original(data, allow_aws_source) if entries else eventbridge.error_response_json(
                    "ValidationException", "1 validation error detected: 'entries' must have 1 to 10 members", 400
                )
            results = []
            for entry in entries:
                bus, bad_bus = eventbridge._event_bus_name_from_ref(entry.get("EventBusName") or "default")
                error = bad_bus or _entry_error(entry, allow_aws_source)
                if error:
                    results.append({"ErrorCode": error[0], "ErrorMessage": error[1]})
                    continue
                event = {
                    "EventId": eventbridge.new_uuid(),
                    "Source": entry["Source"],
                    "DetailType": entry["DetailType"],
                    "Detail": entry["Detail"],
                    "EventBusName": bus,
                    "Time": int(entry.get("Time") or eventbridge._now_ts()),
                    "Resources": entry.get("Resources") or [],
                    "Account": eventbridge.get_account_id(),
                    "Region": eventbridge.get_region(),
                }
                results.append({"EventId": event["EventId"]})
                view = eventbridge._pattern_event_view(event)
                eventbridge._dispatch_event(event, view)
                eventbridge._archive_event(event, view)
            failed = sum("ErrorCode" in result for result in results)
            return eventbridge.json_response({"FailedEntryCount": failed, "Entries": results})

        return put_events

    return make


def _to_bus(eventbridge):
    """An event reaches a bus of any region, once: AWS does not forward it from there to a third bus (EventBridge user
    guide, "Sending and receiving events between event buses"). Its envelope, the region too, stays as it was."""

    def make(_original):
        def to_bus(spec, event, rule, event_path, target_input_payload=None):
            if event_path:
                logger.warning("%s was forwarded already and is not forwarded to %s", event["EventId"], spec)
                return
            forwarded = {
                **event,
                "EventBusName": spec.resource.removeprefix("event-bus/"),
                "_DispatchPath": [eventbridge._rule_key(rule["Name"], rule["EventBusName"])],
            }

            def deliver():
                eventbridge.set_request_region(spec.region)
                eventbridge._dispatch_event(forwarded)

            contextvars.copy_context().run(deliver)

        return to_bus

    return make


def _permitted(policy, rule_arn):
    """Whether a function's resource policy lets EventBridge invoke it for this rule (Lambda developer guide,
    "Resource-based policies"): it has no role there."""
    for statement in policy.get("Statement", []):
        principal = statement.get("Principal")
        service = principal.get("Service") if isinstance(principal, dict) else principal
        arn = (statement.get("Condition") or {}).get("ArnLike", {}).get("AWS:SourceArn", "*")
        if (
            statement.get("Effect") == "Allow"
            and service in ("events.amazonaws.com", "*")
            and statement.get("Action") in ("lambda:InvokeFunction", "lambda:*")
            and fnmatch.fnmatchcase(rule_arn, arn)
        ):
            return True
    return False


def _undeliverable(target, rule):
    """The error code and message of a delivery that cannot succeed, else None."""
    from ministack.core.arn import parse_arn
    from ministack.core.responses import get_account_id
    from ministack.services import eventbridge, lambda_svc, sns, sqs, stepfunctions

    arn = target.get("Arn", "")
    spec = parse_arn(arn)
    found = True
    if spec.service == "lambda":
        func, config, _name = lambda_svc._get_func_record_for_ref(arn)
        found = bool(func and config)
        if found and not _permitted(func.get("policy") or {}, rule["Arn"]):
            return "NO_PERMISSIONS", f"{arn} does not permit events.amazonaws.com to invoke it for {rule['Arn']}"
    elif spec.service == "states":
        found = stepfunctions._resolve_state_machine_arn(arn) is not None
    elif spec.service == "sqs":
        queue = sqs._queue_by_arn(arn)
        found = queue is not None
        problem = why_not_into(queue, rule["Arn"]) if found else None
        if problem:
            return "NO_PERMISSIONS", problem
    elif spec.service == "sns":
        found = sns._topics.contains_scoped(spec.account_id, spec.region, arn)
    elif spec.service == "events":
        bus = spec.resource.removeprefix("event-bus/")
        found = bus == "default" or eventbridge._event_buses.contains_scoped(get_account_id(), spec.region, bus)
    if not found:
        return "NO_RESOURCE", f"{arn} does not exist"
    action = _AS_ROLE.get(spec.service)
    if action and target.get("RoleArn"):
        problem = rights.why_not(target["RoleArn"], rule["Name"], spec.region, [rights.need(action, arn)])
        return ("NO_PERMISSIONS", problem) if problem else None
    return None


def _invoke_target(eventbridge):
    def make(original):
        def invoke_target(target, event, rule, view=None):
            failure = _undeliverable(target, rule)
            if failure is None:
                original(target, event, rule, view)
                return
            logger.warning("rule %s: %s: %s", rule["Name"], *failure)
            queue = (target.get("DeadLetterConfig") or {}).get("Arn")
            if queue:
                _dead_letter(eventbridge, queue, target, event, rule, view, failure)

        return invoke_target

    return make


def _dead_letter(eventbridge, queue_arn, target, event, rule, view, failure):
    """AWS puts the event itself in the queue and the reason in message attributes (EventBridge user guide, "Using
    dead-letter queues")."""
    from ministack.services import sqs

    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        logger.warning("rule %s: the dead-letter queue %s does not exist", rule["Name"], queue_arn)
        return
    problem = why_not_into(queue, rule["Arn"])
    if problem:
        logger.warning("rule %s: the event is lost: %s", rule["Name"], problem)
        return
    view = view or eventbridge._pattern_event_view(event)
    eventbridge._dispatch_to_sqs(eventbridge.parse_arn(queue_arn), json.dumps(view.event_with_detail()))
    attributes = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": failure[0],
        "ERROR_MESSAGE": failure[1],
    }
    queue["messages"][-1]["message_attributes"] = {
        name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
    }


def _to_lambda(_original):
    """EventBridge invokes functions asynchronously, so Lambda's own retries and failure destinations apply."""

    def to_lambda(arn, payload):
        from ministack.services import lambda_svc

        func, config, _name = lambda_svc._get_func_record_for_ref(arn)
        lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(func, config), json.loads(payload))

    return to_lambda


def deliver(account, region, entries):
    """Puts events of AWS services on the default bus of a region. Only the gateway may."""
    from ministack.core.responses import set_request_account_id, set_request_region
    from ministack.services import eventbridge

    def put():
        set_request_account_id(account)
        set_request_region(region)
        eventbridge._ensure_default_bus()
        return eventbridge._put_events({"Entries": entries}, allow_aws_source=True)

    return contextvars.copy_context().run(put)


def mend():
    from ministack.services import eventbridge

    replace(eventbridge, "_put_events", "ebcda0f38061", _put_events(eventbridge))
    replace(eventbridge, "_dispatch_to_event_bus", "fef5c8d488f1", _to_bus(eventbridge))
    replace(eventbridge, "_invoke_target", "550e304af080", _invoke_target(eventbridge))
    replace(eventbridge, "_dispatch_to_lambda", "1f95adbaed3a", _to_lambda)
