"""Whole processes timed in turn, so that what else the machine does falls on all of them alike."""

import os
import shutil
import statistics
import time

NULL = ((os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0))


def spawn(command, environment):
    """Runs it with its answer thrown away; the wall time in seconds and whether all went well."""
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, environment, file_actions=NULL)
    status = os.waitpid(pid, 0)[1]
    return time.perf_counter() - start, status == 0


class Turns:
    """Of a bench that has `small`, whether it is but tried, and the `environment` of its processes."""

    small = False
    environment = {}

    def runs(self, wanted):
        return max(3, wanted // 10) if self.small else wanted

    def compare(self, title, commands, runs, prepare=None):
        """Each command in turn, `runs` times; the median of each, and of the ratios of the first to it. Peers that are
        not installed are left out; `prepare` is called with a command's name before each of its runs."""
        print(f"\n{title}", flush=True)
        paths = {name: words[0] and shutil.which(words[0]) for name, words in commands.items()}
        commands = {name: [paths[name], *words[1:]] for name, words in commands.items() if paths[name]}
        times = {name: [] for name in commands}
        failed = set()
        for turn in range(-1, self.runs(runs)):  # the first turn warms up
            for name, command in commands.items():
                if prepare is not None:
                    prepare(name)
                seconds, fine = spawn(command, self.environment)
                if not fine:
                    failed.add(name)
                if turn >= 0:
                    times[name].append(seconds)
        first = next(iter(commands))
        for name, seconds in times.items():
            ratio = statistics.median(ours / theirs for ours, theirs in zip(times[first], seconds))
            told = "FAILED" if name in failed else f"{first} takes {ratio:.2f} of it" if name != first else ""
            print(f"  {name:<44} {statistics.median(seconds) * 1000:9.1f} ms   {told}", flush=True)
