"""Runs a sandbox as a server until it is told to stop."""

from __future__ import annotations

from contextlib import ExitStack

from mockserver.http import collector
from mockserver.http.listening import CannotServe, listen_together, resolve, url_of
from mockserver.http.options import Options
from mockserver.http.ready import Crier
from mockserver.http.reload import stamp
from mockserver.http.sandbox import MEMORY
from mockserver.http.service import Service


def serve(options: Options) -> None:
    """Serves until SIGINT or SIGTERM; CannotServe, UnusableKey or ContractError when it cannot be started."""
    address = resolve(options.host, options.port)
    if not address.loopback and options.control and options.control_token is None:
        hint = "protect the control plane with --control-token TOKEN, or switch it off with --no-control"
        raise CannotServe(f"--host {options.host} can be reached from other machines: {hint}")
    if options.workers > 1 and options.store == MEMORY:
        hint = "say where with --store sqlite:///FILE or --store postgresql://USER@HOST/DATABASE"
        raise CannotServe(f"--workers {options.workers} need worlds that they share: {hint}")
    crier = Crier(options.ready_file)
    # Looked at before they are read, so that no change in between is missed.
    stamped = stamp(options.watched(), options.ready_file) if options.reload else {}
    with ExitStack() as stack:
        stack.callback(crier.remove)
        listeners = [stack.enter_context(each) for each in listen_together(address, options.workers)]
        opened = options.open()
        collector.spare()
        url = url_of(address, listeners[0])
        if options.workers > 1:
            from mockserver.http.workers import Workers

            if options.metrics:
                from mockserver.http.counting import counting_together

                stack.enter_context(counting_together())
            Workers(options, opened, url, crier, stamped).run(listeners)
            return
        service = Service(options, opened, url, crier.tell, stamped)
        stack.callback(service.close)
        service.run(listeners[0], crier.remove)
