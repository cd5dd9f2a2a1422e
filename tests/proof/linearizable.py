# Decides whether what clients saw of one key can have happened one operation at a time (Wing and Gong's search, with a
# memory of what was tried).
import collections
import math

# How many states of the search are tried before it is given up.
STATES_MAX = 3_000_000

# `outcome` is ok, fail, unknown or weak; `result` is what an ok operation answered. A failed operation did not happen; an
# unknown one may happen at any time after its `invoked`, or never; a weak one between `invoked` and `returned`, or never.
Event = collections.namedtuple("Event", "process operation arguments invoked returned outcome result", defaults=(None,))


class Undecided(Exception):
    """The search was given up."""


def step_register(state, event):
    """The state after the event, in a list; an empty list where it cannot be the next."""
    known = event.outcome == "ok"
    if event.operation == "read":
        return [state] if not known or event.result == state else []
    if event.operation == "write":
        return [event.arguments[0]]
    old, new = event.arguments
    if state == old:
        return [new] if not known or event.result else []
    return [state] if not known or not event.result else []


def step_counter(state, event):
    if event.operation == "read":
        return [state] if event.result == state else []
    after = (state or 0) + 1
    return [after] if event.outcome != "ok" or event.result == (state, after) else []


def step_set(state, event):
    if event.operation == "read":
        return [state] if event.result == state else []
    after = (state or frozenset()) | {event.arguments[0]}
    return [after] if event.outcome != "ok" or event.result == (state, after) else []


STEPS = {"register": step_register, "plain": step_register, "mixed": step_register, "counter": step_counter, "set": step_set}


def twins_before(events):
    """For each unknown event the one before it that does the same: they need not be tried in both orders."""
    last, twins = {}, []
    for event in events:
        same = (event.operation, event.arguments)
        twins.append(last.get(same) if event.outcome == "unknown" else None)
        if event.outcome == "unknown":
            last[same] = len(twins) - 1
    return twins


def weaken(events):
    """The acknowledged plain writes during which another may have compared and set are weak: what Ceph gives."""
    swaps = [(e.invoked, e.returned if e.outcome == "ok" else math.inf) for e in events
             if e.operation == "cas" and (e.outcome == "unknown" or e.outcome == "ok" and e.result)]
    return [e._replace(outcome="weak") if e.operation == "write" and e.outcome == "ok"
            and any(begin < e.returned and e.invoked < end for begin, end in swaps) else e for e in events]


def too_late(events):
    """For each weak event the mask of those that cannot be before it."""
    return [sum(1 << j for j, later in enumerate(events) if later.invoked > event.returned)
            if event.outcome == "weak" else 0 for event in events]


def is_linearizable(kind, events, initial=None):
    step = STEPS[kind]
    # What answered nothing and changes nothing says nothing.
    events = [e for e in events if e.outcome in ("ok", "weak") or (e.outcome == "unknown" and e.operation != "read")]
    events.sort(key=lambda event: event.invoked)
    returned = [event.returned if event.outcome == "ok" else math.inf for event in events]
    twins = twins_before(events)
    after_it = too_late(events)
    required = sum(1 << i for i, event in enumerate(events) if event.outcome == "ok")
    stack, seen = [(0, initial)], {(0, initial)}
    while stack:
        done, state = stack.pop()
        if done & required == required:
            return True
        horizon = min(returned[i] for i in range(len(events)) if not done >> i & 1)
        found = []
        for i, event in enumerate(events):
            if event.invoked > horizon:
                break
            if done >> i & 1 or done & after_it[i] or (twins[i] is not None and not done >> twins[i] & 1):
                continue
            for after in step(state, event):
                reached = (done | 1 << i, after)
                if reached not in seen:
                    seen.add(reached)
                    found.append(reached)
        if len(seen) > STATES_MAX:
            raise Undecided(f"{len(events)} events, {len(seen)} states")
        # The earliest first, and those that surely happened before those that may have: the last of the stack.
        found.sort(key=lambda reached: not (reached[0] ^ done) & required)
        stack.extend(reversed(found))
    return False
