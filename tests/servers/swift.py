# OpenStack Swift with its s3api over one folder: an S3 that refuses conditional writes.
import getpass
import os
import textwrap

from server import Server, credentials

ROLES = ("account", "container", "object")
# Swift's library belongs to the distribution's Python, which need not be the one that runs this.
PYTHON = "/usr/bin/python3"

# One partition on one device each. The command swift-ring-builder does the same in nine runs of half a second.
MAKE_RINGS = """
import sys
from swift.common.ring import RingBuilder
folder, first_port = sys.argv[1], int(sys.argv[2])
for index, role in enumerate(("account", "container", "object")):
    builder = RingBuilder(1, 1, 1)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1.0, "ip": "127.0.0.1", "device": "d1",
                     "port": first_port + index, "replication_ip": "127.0.0.1",
                     "replication_port": first_port + index, "meta": ""})
    builder.rebalance()
    builder.get_ring().save(f"{folder}/{role}.ring.gz")
"""


class Swift(Server):
    name = "swift"
    packages = "swift-proxy swift-account swift-container swift-object memcached"
    programs = ("swift-proxy-server", "swift-account-server", "swift-container-server",
                "swift-object-server", "memcached")

    def start(self):
        self.require_programs()
        self.port, self.cache_port = self.ports[0], self.ports[4]
        self.etc = self.folder / "etc"
        self.etc.mkdir()
        (self.folder / "node" / "d1").mkdir(parents=True)
        (self.etc / "swift.conf").write_text(
            "[swift-hash]\nswift_hash_path_prefix = ksv\nswift_hash_path_suffix = test\n")
        for index, role in enumerate(ROLES):
            (self.etc / f"{role}.conf").write_text(self.role_configuration(role, self.ports[1 + index]))
        (self.etc / "proxy.conf").write_text(self.proxy_configuration())
        # It reads that file as it is loaded, and from there unless told otherwise.
        environment = os.environ | {"SWIFT_CONF": str(self.etc / "swift.conf")}
        # The proxy wants it for the tokens of its accounts.
        self.spawn("memcached", "memcached", "-u", getpass.getuser(), "-l", "127.0.0.1",
                   "-p", self.cache_port, "-U", "0", "-m", "16")
        # Isolated, or it takes this file for the library.
        self.run("rings", PYTHON, "-I", "-c", MAKE_RINGS, self.etc, self.ports[1], env=environment)
        for role in (*ROLES, "proxy"):
            self.spawn(role, f"swift-{role}-server", self.etc / f"{role}.conf", env=environment)
        for index in range(len(ROLES)):
            self.await_answer(self.ports[1 + index], "/healthcheck")
        self.await_answer(self.port, "/info")

    def environment(self):
        return credentials("test:tester", "testing") | {
            "KSV_TEST_S3_KIND": self.name,
            "KSV_TEST_S3_ENDPOINT": f"http://127.0.0.1:{self.port}",
        }

    def common(self, port):
        return textwrap.dedent(f"""\
            [DEFAULT]
            bind_ip = 127.0.0.1
            bind_port = {port}
            workers = 0
            user = {getpass.getuser()}
            swift_dir = {self.etc}
            devices = {self.folder}/node
            mount_check = false
            disable_fallocate = true
            log_address = /dev/null
            """)

    def role_configuration(self, role, port):
        return self.common(port) + textwrap.dedent(f"""\
            [pipeline:main]
            pipeline = healthcheck {role}-server
            [filter:healthcheck]
            use = egg:swift#healthcheck
            [app:{role}-server]
            use = egg:swift#{role}
            """)

    def proxy_configuration(self):
        return self.common(self.port) + textwrap.dedent(f"""\
            [pipeline:main]
            pipeline = catch_errors cache s3api tempauth bulk slo copy proxy-server
            [app:proxy-server]
            use = egg:swift#proxy
            account_autocreate = true
            [filter:catch_errors]
            use = egg:swift#catch_errors
            [filter:cache]
            use = egg:swift#memcache
            memcache_servers = 127.0.0.1:{self.cache_port}
            [filter:s3api]
            use = egg:swift#s3api
            location = us-east-1
            [filter:tempauth]
            use = egg:swift#tempauth
            user_test_tester = testing .admin
            [filter:bulk]
            use = egg:swift#bulk
            [filter:slo]
            use = egg:swift#slo
            [filter:copy]
            use = egg:swift#copy
            """)
