"""Starts the emulator (ministack) in this process, mended where the sandbox needs it, on a free loopback port.

Prints one JSON line, {"port": N}, when it serves. Ends when its standard input ends or on SIGTERM, so it cannot outlive
the sandbox; ignores the terminal's signals, which are the sandbox's to handle."""

import asyncio
import json
import os
import signal
import socket
import sys
import traceback


def _bind():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    return listener


def _answer(status, value):
    return status, json.dumps(value).encode()


async def _internal(scope, receive, token):
    """What only the gateway may ask for."""
    import clock
    import counting
    import mend_alarms
    import mend_events
    import rights
    from ministack.services import lambda_svc

    if dict(scope["headers"]).get(b"x-lockstep-token", b"").decode() != token:
        return _answer(403, {"message": "for the gateway only"})
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    match scope["method"], scope["path"]:
        case "POST", "/_lockstep/events":
            request = json.loads(body)
            status, _headers, answer = mend_events.deliver(request["account"], request["region"], request["entries"])
            return status, answer if isinstance(answer, bytes) else answer.encode()
        case "POST", "/_lockstep/clock":
            clock.set_offset(json.loads(body)["offset"])
            mend_alarms.look()
            return _answer(200, {})
        case "POST", "/_lockstep/rights":
            return _answer(200, rights.answer(**json.loads(body)))
        case "GET", "/_lockstep/busy":
            return _answer(200, {"invocations": lambda_svc._inflight_total})
        case "GET", "/_lockstep/calls":
            return _answer(200, counting.rows())
        case "DELETE", "/_lockstep/calls":
            counting.reset()
            return _answer(200, {})
    return _answer(404, {"message": f"no {scope['method']} {scope['path']}"})


def _wrap(app, token, port):
    async def wrapped(scope, receive, send):
        if scope["type"] == "lifespan":

            async def announce(message):
                await send(message)
                if message["type"] == "lifespan.startup.complete":
                    print(json.dumps({"port": port}), flush=True)

            await app(scope, receive, announce)
        elif scope["type"] == "http" and scope["path"].startswith("/_lockstep/"):
            status, body = await _internal(scope, receive, token)
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        else:
            await app(scope, receive, send)

    return wrapped


async def _serve(app, config):
    import mend_alarms
    import mend_states
    from hypercorn.asyncio import serve
    from ministack.core import lambda_runtime

    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def heard():
        if not os.read(0, 4096):
            loop.remove_reader(0)
            stop.set()

    loop.add_reader(0, heard)
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    for name in (signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(name, lambda: None)

    async def stopped():
        await stop.wait()
        # Before the state is written: executions and functions at work would change it, and hold the end up.
        mend_alarms.stop()
        mend_states.end_executions()
        lambda_runtime.reset()

    await serve(app, config, shutdown_trigger=stopped)


def _exit(code):
    """Threads still at work would hold a normal exit."""
    sys.stderr.flush()
    os._exit(code)


def main():
    import mend

    token, settings = os.environ.pop("LOCKSTEP_EMULATOR_TOKEN"), os.environ.pop("LOCKSTEP_CLOCK")
    mend.expect_version()
    import clock
    import mend_alarms
    import mend_events
    import mend_lambda
    import mend_mappings
    import mend_metrics
    import mend_states
    import rights

    rights.use(token)
    clock.mend(settings)
    for module in (mend_lambda, mend_mappings, mend_events, mend_states, mend_metrics, mend_alarms):
        module.mend()

    from hypercorn.config import Config
    from ministack.app import app

    listener = _bind()
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.keep_alive_timeout = 120
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    try:
        serving = _serve(_wrap(app, token, listener.getsockname()[1]), config)
        asyncio.new_event_loop().run_until_complete(serving)
    except BaseException:
        traceback.print_exc()
        _exit(1)
    _exit(0)


if __name__ == "__main__":
    main()
