#!/usr/bin/env python3
# Runs a command while a server of the tests is up, which the command's environment tells of; ends as it ends.
"""usage: run.py [--keep] SERVER -- COMMAND [ARG...]
       run.py --install SERVER

SERVER is rgw, swift, s3rver, etcd, etcd3 (three nodes), etcd-v2 (without v3), etcd-tls, etcd-auth, dynamodb (DynamoDB
Local) or dynalite. Of those of S3 the command finds KSV_TEST_S3_KIND, KSV_TEST_S3_ENDPOINT, KSV_TEST_S3_ACCESS_KEY, KSV_TEST_S3_SECRET and KSV_TEST_S3_REGION in its
environment, the names that AWS's tools know, and of rgw also KSV_TEST_S3_TLS_ENDPOINT, KSV_TEST_S3_CA,
KSV_TEST_S3_VHOST_ENDPOINT, KSV_TEST_S3_CONF and KSV_TEST_S3_STORAGE_PID.
Of those of etcd it finds KSV_TEST_ETCD_KIND and KSV_TEST_ETCD_ENDPOINTS ("HOST:PORT,..."); of etcd3 KSV_TEST_ETCD_PIDS,
which are the command's to stop and to kill; of etcd-tls KSV_TEST_ETCD_CA, _CERT and _KEY; of etcd-auth KSV_TEST_ETCD_USER,
_PASSWORD, _ROOT_PASSWORD, _ALLOWED (what the user may write below) and _TOKEN_SECONDS.
Of dynamodb and dynalite it finds KSV_TEST_DYNAMODB_KIND, _ENDPOINT, _ACCESS_KEY, _SECRET and _REGION, and the names that
AWS's tools know.
--keep leaves the server's folder, with its logs, behind. --install fetches what no Debian package has."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from dynamodb import Dynalite, DynamodbLocal
from etcd import Etcd, Etcd3, EtcdAuth, EtcdTls, EtcdV2
from rgw import Rgw
from s3rver import S3rver
from server import ServerError
from swift import Swift

SERVERS = {server.name: server for server in (Rgw, Swift, S3rver, Etcd, Etcd3, EtcdV2, EtcdTls, EtcdAuth,
                                              DynamodbLocal, Dynalite)}
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
# How long a command that was told to end may take to do so.
GRACE_SECONDS = 10
NOT_STARTED = 125


class Interrupted(BaseException):
    def __init__(self, number):
        super().__init__(number)
        self.number = number


def on_signal(number, _frame):
    raise Interrupted(number)


def command_environment(server):
    loopback = "127.0.0.1,localhost,::1"
    ours = server.environment()
    # What this machine says of accounts and of where servers are must not reach the command.
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "ETCDCTL_", "KSV_TEST_S3_", "KSV_TEST_ETCD_", "KSV_TEST_DYNAMODB_"))}
    return kept | ours | {"NO_PROXY": loopback, "no_proxy": loopback}


def run_command(command, environment):
    """The exit status as a shell tells it."""
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as why:
        raise ServerError(f"{command[0]}: {why.strerror}") from None
    try:
        status = child.wait()
    except Interrupted as interrupted:
        child.send_signal(interrupted.number)
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise
    return status if status >= 0 else 128 - status


def run(server, command):
    try:
        server.start()
        status = run_command(command, command_environment(server))
        if why := server.trouble():
            raise ServerError(why)
        return status
    except ServerError as why:
        print(f"run.py: {why}", file=sys.stderr)
        return NOT_STARTED
    except Interrupted as interrupted:
        return 128 + interrupted.number
    finally:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        server.stop()


def usage():
    print(__doc__, file=sys.stderr)
    return 2


def main(arguments):
    keep = arguments[:1] == ["--keep"]
    arguments = arguments[keep:]
    if len(arguments) == 2 and arguments[0] == "--install" and arguments[1] in SERVERS:
        return install(SERVERS[arguments[1]])
    if len(arguments) < 3 or arguments[0] not in SERVERS or arguments[1] != "--":
        return usage()
    for number in SIGNALS:
        signal.signal(number, on_signal)
    folder = ""
    try:
        folder = tempfile.mkdtemp(prefix=f"ksv-{arguments[0]}-")
        return run(SERVERS[arguments[0]](folder), arguments[2:])
    except Interrupted as interrupted:
        return 128 + interrupted.number
    finally:
        if keep:
            print(f"run.py: left {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def install(server):
    try:
        server.install()
        return 0
    except ServerError as why:
        print(f"run.py: {why}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
