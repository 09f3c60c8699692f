"""CloudWatch alarms: dimensions, periods, M out of N and missing data; looked at again and again, not only when data
arrives; told only through topics whose key admits CloudWatch."""

import contextvars
import logging
import threading

import clock
from mend import expect, replace
from permits import key_admits

logger = logging.getLogger("lockstep.alarms")

# AWS looks each minute; here nobody wants to wait.
_TICK_SECONDS = 2
# CloudWatch retrieves more data points than it evaluates, so that late ones are not taken for missing; how many more is
# documented by an example only: 5 for 3 (CloudWatch user guide, "How alarm state is evaluated when data is missing").
_MORE_PERIODS = 2
# SQS tells CloudWatch each minute (SQS developer guide, "Available CloudWatch metrics").
_QUEUE_SECONDS = 60
_COMPARE = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
_lock = threading.RLock()
_stopped = threading.Event()


def _recent(cloudwatch, alarm, now):
    """The newest data points in the evaluation range, newest first, at most as many as are evaluated."""
    period, wanted = alarm["Period"], alarm["EvaluationPeriods"]
    dimensions = cloudwatch._dims_from_list(alarm.get("Dimensions") or [])
    key = (alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions))
    windows = {}
    for point in list(cloudwatch._metrics.get(key) or []):
        if alarm.get("Unit") and point.get("Unit") != alarm["Unit"]:
            continue
        index = max(0, int((now - point["Timestamp"]) // period))
        if index < wanted + _MORE_PERIODS:
            windows.setdefault(index, []).append(point)
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    values = []
    for index in sorted(windows):
        value = cloudwatch._stat_value(cloudwatch._calc_stats(windows[index]), statistic, windows[index])
        if value is not None:
            values.append(value)
    return values[:wanted]


def _state(alarm, values):
    """The user guide's tables in few words. None: the state stays as it is."""
    periods = alarm["EvaluationPeriods"]
    enough = alarm.get("DatapointsToAlarm") or periods
    breaches = _COMPARE[alarm["ComparisonOperator"]]
    breaching = sum(breaches(value, alarm["Threshold"]) for value in values)
    missing = periods - len(values)
    treat = alarm.get("TreatMissingData") or "missing"
    if breaching + (missing if treat == "breaching" else 0) >= enough:
        return "ALARM"
    if not missing or treat in ("breaching", "notBreaching"):
        return "OK"
    if not values:
        return "INSUFFICIENT_DATA" if treat == "missing" else None
    if breaching < len(values):
        return "OK"
    return "ALARM" if treat == "missing" else None


def _evaluate(cloudwatch):
    def make(_original):
        def evaluate(alarm):
            with _lock:
                _change(cloudwatch, alarm, clock.now())

        return evaluate

    return make


def _change(cloudwatch, alarm, now):
    values = _recent(cloudwatch, alarm, now)
    old, new = alarm["StateValue"], _state(alarm, values)
    if new is None or new == old:
        return
    reason = (
        f"Threshold Crossed: {len(values)} of the last {alarm['EvaluationPeriods']} datapoints "
        f"{values} ({alarm['ComparisonOperator']} {alarm['Threshold']}, "
        f"missing data {alarm.get('TreatMissingData') or 'missing'})"
    )
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(now))
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _reaches(topic_arn):
    """Whether CloudWatch can publish to a topic: with SNS's own key it cannot, and nobody is told (SNS developer guide,
    "Enable compatibility between event sources from AWS services and encrypted topics")."""
    from ministack.services import sns

    topic = sns._topic_by_arn_any_scope(topic_arn) or {}
    key_id = topic.get("attributes", {}).get("KmsMasterKeyId")
    return not key_id or key_admits(key_id, "cloudwatch.amazonaws.com")


def _dispatch(original):
    def dispatch(alarm, old, new, reason):
        kept = dict(alarm)
        for field in ("AlarmActions", "OKActions", "InsufficientDataActions"):
            kept[field] = []
            for arn in alarm.get(field) or []:
                if not arn.startswith("arn:aws:sns:") or _reaches(arn):
                    kept[field].append(arn)
                else:
                    logger.warning("alarm %s: the key of %s does not admit CloudWatch", alarm["AlarmName"], arn)
        original(kept, old, new, reason)

    return dispatch


# Parameters of PutMetricAlarm that are not evaluated (CloudWatch API reference).
_UNKNOWN = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile", "EvaluationCriteria", "EvaluationInterval")


def _put_metric_alarm(cloudwatch):
    def make(original):
        def put(params, data, is_cbor, is_json=False):
            given = data if is_cbor or is_json else params
            unknown = [name for name in _UNKNOWN if any(key == name or key.startswith(f"{name}.") for key in given)]
            operator = data.get("ComparisonOperator") or cloudwatch._p(params, "ComparisonOperator")
            if unknown or operator not in _COMPARE:
                what = ", ".join(unknown) or f"the comparison {operator}"
                message = f"cloudwatch:PutMetricAlarm with {what} is not emulated"
                return cloudwatch._error("SandboxUnsupported", message, 400, use_json=is_json, use_cbor=is_cbor)
            return original(params, data, is_cbor, is_json)

        return put

    return make


def _measure_queue(cloudwatch, alarm, account, region):
    """What SQS tells CloudWatch of the queue that an alarm watches."""
    from ministack.services import sqs

    measured = ("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
    if alarm.get("Namespace") != "AWS/SQS" or alarm.get("MetricName") not in measured:
        return
    name = cloudwatch._dims_from_list(alarm.get("Dimensions") or []).get("QueueName", "")
    queue = sqs._queue_by_arn(f"arn:aws:sqs:{region}:{account}:{name}")
    if queue is None:
        return
    sqs._refresh_counts(queue)
    attribute = alarm["MetricName"].replace("MessagesVisible", "Messages")
    value = float(queue["attributes"][attribute])
    dimensions = {"QueueName": name}
    points = cloudwatch._metrics.get(("AWS/SQS", alarm["MetricName"], cloudwatch._dims_key(dimensions)))
    if points and points[-1]["Value"] == value and clock.now() - points[-1]["Timestamp"] < _QUEUE_SECONDS:
        return
    cloudwatch.record_metric("AWS/SQS", alarm["MetricName"], value, "Count", dimensions)


def _look(cloudwatch, account, region):
    from ministack.core.responses import set_request_account_id, set_request_region

    set_request_account_id(account)
    set_request_region(region)
    for alarm in cloudwatch._alarms.values():
        try:
            _measure_queue(cloudwatch, alarm, account, region)
            cloudwatch._evaluate_alarm(alarm)
        except Exception:
            logger.exception("alarm %s could not be evaluated", alarm.get("AlarmName"))


def look():
    """Evaluates every alarm."""
    from ministack.services import cloudwatch

    for account, region in {key[:2] for key in list(cloudwatch._alarms._data)}:
        contextvars.copy_context().run(_look, cloudwatch, account, region)


def _watch():
    while not _stopped.wait(_TICK_SECONDS):
        look()


def stop():
    _stopped.set()


def mend():
    from ministack.services import cloudwatch, sqs

    expect(cloudwatch, "_evaluate_all_alarms", "f83f88e57f1c")
    expect(cloudwatch, "record_metric", "7f777bfbe523")
    expect(sqs, "_refresh_counts", "5d0fb7b342d2")
    replace(cloudwatch, "_evaluate_alarm", "a0b0acd3d432", _evaluate(cloudwatch))
    replace(cloudwatch, "_dispatch_alarm_actions", "fcf47c0d1e6e", _dispatch)
    replace(cloudwatch, "_put_metric_alarm", "953a67ff4bb1", _put_metric_alarm(cloudwatch))
    threading.Thread(target=_watch, daemon=True).start()
