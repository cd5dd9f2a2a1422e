# The RADOS Gateway of Ceph over one monitor and one storage daemon that keeps all in memory: an S3 that checks
# signatures and honours conditions.
import textwrap
import uuid

from server import Server, credentials

ACCESS_KEY, SECRET = "ksvtestaccess", "ksvtest/secret+0123456789"

# `*.localhost` is the loopback device for libcurl without any resolver.
HOST_OF_BUCKETS = "s3.localhost"


class Rgw(Server):
    name = "rgw"
    packages = "radosgw ceph-mon ceph-osd"
    programs = ("radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "monmaptool", "ceph", "openssl")

    def start(self):
        self.require_programs()
        self.port, self.tls_port, self.monitor_port = self.ports[0], self.ports[1], self.ports[2]
        self.conf = self.folder / "ceph.conf"
        self.ca = self.folder / "ca.pem"
        for name in ("mon", "osd", "run"):
            (self.folder / name).mkdir()
        (self.folder / "keyring").touch()
        cluster, osd = str(uuid.uuid4()), str(uuid.uuid4())
        self.conf.write_text(self.configuration(cluster))
        self.make_certificate()
        self.start_cluster(cluster, osd)
        self.run("user", "radosgw-admin", "-c", self.conf, "user", "create", "--uid=ksv",
                 "--display-name=ksv", f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET}")
        self.spawn("radosgw", "radosgw", "-c", self.conf, "-f", "-n", "client.rgw")
        self.await_answer(self.port)

    def start_cluster(self, cluster, osd):
        monmap = self.folder / "monmap"
        # Making the storage daemon's folder asks no monitor: it goes on beside the monitor's start.
        making = self.spawn("osd-mkfs", "ceph-osd", "-c", self.conf, "-i", "0", "--mkfs", "--osd-uuid", osd)
        self.run("monmap", "monmaptool", "--create", "--fsid", cluster, "--addv", "a",
                 f"[v2:127.0.0.1:{self.monitor_port}/0]", monmap)
        self.run("mon-mkfs", "ceph-mon", "-c", self.conf, "-i", "a", "--mkfs", "--monmap", monmap,
                 "--keyring", self.folder / "keyring")
        self.spawn("mon", "ceph-mon", "-c", self.conf, "-f", "-i", "a")
        self.run("osd-new", "ceph", "-c", self.conf, "osd", "new", osd)
        self.finish("osd-mkfs", making)
        self.spawn("osd", "ceph-osd", "-c", self.conf, "-f", "-i", "0")

    def make_certificate(self):
        """A certificate of the gateway's own, signed by an authority of its own."""
        names = f"IP:127.0.0.1,DNS:localhost,DNS:{HOST_OF_BUCKETS},DNS:*.{HOST_OF_BUCKETS}"
        new = ("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-noenc", "-days", "2")
        self.run("ca", *new, "-keyout", self.folder / "ca.key", "-out", self.ca,
                 "-subj", "/CN=ksv test authority", "-addext", "keyUsage=critical,keyCertSign")
        self.run("certificate", *new, "-CA", self.ca, "-CAkey", self.folder / "ca.key",
                 "-keyout", self.folder / "tls.key", "-out", self.folder / "tls.pem",
                 "-subj", "/CN=ksv test gateway", "-addext", f"subjectAltName={names}",
                 "-addext", "basicConstraints=critical,CA:FALSE")

    def environment(self):
        return credentials(ACCESS_KEY, SECRET) | {
            "KSV_TEST_S3_KIND": self.name,
            "KSV_TEST_S3_ENDPOINT": f"http://127.0.0.1:{self.port}",
            "KSV_TEST_S3_TLS_ENDPOINT": f"https://127.0.0.1:{self.tls_port}",
            "KSV_TEST_S3_VHOST_ENDPOINT": f"http://{HOST_OF_BUCKETS}:{self.port}",
            "KSV_TEST_S3_CA": str(self.ca),
            "KSV_TEST_S3_CONF": str(self.conf),
            # Stopped and continued, it makes writes whose answer never comes.
            "KSV_TEST_S3_STORAGE_PID": str(self.children["osd"].pid),
        }

    def frontends(self):
        tls = f"ssl_certificate={self.folder}/tls.pem ssl_private_key={self.folder}/tls.key"
        return (f"beast endpoint=127.0.0.1:{self.port} ssl_endpoint=127.0.0.1:{self.tls_port} {tls} "
                "tcp_nodelay=1")

    def configuration(self, cluster):
        folder = self.folder
        return textwrap.dedent(f"""\
            [global]
            fsid = {cluster}
            mon host = [v2:127.0.0.1:{self.monitor_port}/0]
            mon initial members = a
            public addr = 127.0.0.1
            cluster addr = 127.0.0.1
            ms bind msgr1 = false
            ms bind port min = {self.ports[3]}
            ms bind port max = {self.ports[15]}
            # Nobody has to prove who he is; and without `crc` the gateway waits for a secure mode that never comes.
            auth cluster required = none
            auth service required = none
            auth client required = none
            ms mon client mode = crc
            ms mon service mode = crc
            ms mon cluster mode = crc
            ms client mode = crc
            ms service mode = crc
            ms cluster mode = crc
            keyring = {folder}/keyring
            run dir = {folder}/run
            crash dir = {folder}/run
            admin socket = {folder}/run/$type.$id.$pid.sock
            log file = {folder}/run/$type.$id.log
            mon cluster log file = {folder}/run/cluster.log
            # One copy, and one placement group a pool, of which the gateway makes about ten.
            osd pool default size = 1
            osd pool default min size = 1
            osd pool default pg num = 1
            osd pool default pgp num = 1
            osd pool default pg autoscale mode = off
            osd crush chooseleaf type = 0
            rgw rados pool pg num min = 1
            # Each client's first request waits for a tick, which is 5 s by default.
            objecter tick interval = 0.1
            [mon]
            mon data = {folder}/mon
            mon tick interval = 1
            mon allow pool size one = true
            mon data avail crit = 1
            mon data avail warn = 2
            mon mgr beacon grace = 1000000
            mon osd min up ratio = 0
            paxos propose interval = 0.01
            paxos min wait = 0.001
            [osd]
            osd data = {folder}/osd
            osd objectstore = memstore
            memstore device bytes = 4294967296
            osd op num shards = 2
            osd op num threads per shard = 2
            osd class load list = *
            osd class default list = *
            osd max scrubs = 0
            [client]
            # Without tcp_nodelay each answer on a kept connection is some 40 ms late.
            rgw frontends = {self.frontends()}
            rgw dns name = {HOST_OF_BUCKETS}
            rgw data = {folder}/run
            rgw enable apis = s3,sts,iam
            rgw s3 auth use sts = true
            rgw sts key = sixteen-letters!
            rgw thread pool size = 64
            rgw enable lc threads = false
            rgw enable quota threads = false
            rgw enable usage log = false
            rgw run sync thread = false
            rgw dynamic resharding = false
            rgw override bucket index max shards = 1
            """)
