"""What roles may do: tells the gateway of roles and policies, and asks it for what the emulator does as a role."""

import contextvars
import json
import os
import urllib.request

# Answers to what is asked all the time, by the whole question: role, policies and resources are in it.
_answers = {}
_MOST_ANSWERS = 1000


def role(name):
    """A role's policy documents, by name or ARN, and that of its boundary; None where there is none of that name."""
    from ministack.core.iam_evaluator import _resolve_managed_policy_document
    from ministack.core.responses import get_account_id
    from ministack.services import iam

    found = iam._roles.get(name)
    if found is None:
        return None
    managed = {arn: _resolve_managed_policy_document(arn, get_account_id()) for arn in found.get("AttachedPolicies", [])}
    boundary = found.get("PermissionsBoundary")
    documents = {**(found.get("InlinePolicies") or {}), **{arn: one for arn, one in managed.items() if one}}
    return {
        "arn": found["Arn"],
        "policies": {policy: _text(document) for policy, document in documents.items()},
        "boundary": _text(_resolve_managed_policy_document(boundary, get_account_id()) or {}) if boundary else None,
    }


def roles():
    from ministack.services import iam

    return [role(name) for name in list(iam._roles.keys())]


def function_role(name):
    """The name of a function's role."""
    from ministack.services import lambda_svc

    found = lambda_svc._functions.get(name)
    return found["config"].get("Role", "").rsplit("/", 1)[-1] if found else None


def resource(arn):
    """What a resource says of who may use it; None where it does not exist."""
    if not arn.startswith("arn:"):
        return None
    from ministack.core.arn import parse_arn
    from ministack.services import kms, lambda_svc, s3, sns, sqs

    spec = parse_arn(arn)
    if spec.service == "kms":
        key = kms._resolve_key(arn if ":key/" in arn else spec.resource)
        if key is None:
            return None
        grants = [grant for grant in kms._grants.values() if grant["KeyId"] == key["Arn"]]
        return _fact(
            key["Arn"],
            key.get("Policy"),
            grants=[{"grantee": one["GranteePrincipal"], "operations": one["Operations"]} for one in grants],
        )
    if spec.service == "s3":
        bucket = spec.resource.split("/")[0]
        return _fact(arn, s3._bucket_policies.get(bucket)) if bucket in s3._buckets else None
    if spec.service == "sns":
        topic = sns._topics.get(arn)
        return _fact(arn, _attribute(topic, "Policy"), _key(_attribute(topic, "KmsMasterKeyId"))) if topic else None
    if spec.service == "sqs":
        queue = sqs._queue_by_arn(arn)
        return _fact(arn, _attribute(queue, "Policy"), _key(_attribute(queue, "KmsMasterKeyId"))) if queue else None
    if spec.service == "lambda":
        func = lambda_svc._functions.get(arn.split(":")[6])
        return _fact(arn, (func.get("policy") or None)) if func else None
    return None


def answer(ask, region, name=None):
    """What the gateway asks, in the account's region."""
    match ask:
        case "role":
            return role(name)
        case "roles":
            return roles()
        case "function":
            return in_region(region, function_role, name)
        case "resource":
            return in_region(region, resource, name)
    raise ValueError(f"nothing is known of {ask}")


def in_region(region, ask, *args):
    """Looks things up in the account's region."""
    from ministack.core.responses import set_request_region

    def look():
        set_request_region(region)
        return ask(*args)

    return contextvars.copy_context().run(look)


def why_not(role_arn, session, region, needs, *, often=False):
    """Why a role may not do something, or None when it may. ``needs``: what `need` makes. ``often``: the same is asked all
    the time, so that an answer is kept as long as nothing that it rests on has changed."""
    known = {arn: fact for arn in {one["resource"] for one in needs} if (fact := in_region(_region(arn, region), resource, arn))}
    question = json.dumps({**_principal(role_arn, session, region), "needs": needs, "resources": known})
    if not often:
        return _ask(question)
    if question not in _answers:
        if len(_answers) >= _MOST_ANSWERS:
            _answers.clear()
        _answers[question] = _ask(question)
    return _answers[question]


def why_no_call(role_arn, session, region, service, action, parameters):
    """The same for a call of an API, by the service's name in signatures. Not to be used where requests are served: the
    gateway may have to ask back."""
    call = {"service": service, "action": action, "parameters": parameters}
    return _ask(json.dumps({**_principal(role_arn, session, region), "call": call}))


def _principal(role_arn, session, region):
    found = role(role_arn.rsplit("/", 1)[-1]) or {"arn": role_arn, "policies": {}, "boundary": None}
    return {"role": found, "session": session, "region": region}


def need(action, arn, **keys):
    return {"action": action, "resource": arn, "keys": {name.replace("_", ":", 1): value for name, value in keys.items()}}


def needs_of_key(key, service, *actions):
    """What a service asks of KMS on a role's behalf; nothing for AWS's own keys and where there is none."""
    if not key:
        return []
    _arn, _partition, _kms, region, account, _rest = key.split(":", 5)
    via = f"{service}.{region}.amazonaws.com"
    return [need(f"kms:{action}", key, kms_ViaService=via, kms_CallerAccount=account) for action in actions]


def _ask(question):
    """The gateway answers from what it is told and asks nothing back, so that this may wait wherever it is called."""
    request = urllib.request.Request(
        f"{os.environ['AWS_ENDPOINT_URL']}/_lockstep/permit",
        data=question.encode(),
        headers={"content-type": "application/json", "x-lockstep-token": _token},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer).get("message")


def use(token):
    """Takes the secret that tells the gateway that it is the emulator that asks."""
    global _token
    _token = token


_token = ""


def _region(arn, default):
    return arn.split(":")[3] or default


def _text(document):
    return document if isinstance(document, str) else json.dumps(document)


def _fact(arn, policy, key=None, grants=()):
    return {"arn": arn, "policy": _text(policy) if policy else None, "key": key, "grants": list(grants)}


def _attribute(owner, name):
    return (owner.get("attributes") or {}).get(name)


def _key(reference):
    """The ARN of a key with a policy of the account's own; AWS's own keys, by their aliases, admit their service."""
    from ministack.services import kms

    found = kms._resolve_key(reference) if reference else None
    return found["Arn"] if found else None
