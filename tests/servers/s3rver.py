# s3rver, from npm: an S3 that takes each request, and no notice of any condition.
import fcntl
import os
import pathlib
import shutil
import subprocess
import tempfile

from server import Server, ServerError, credentials

VERSION = "3.7.1"
INSTALL_SECONDS = 300


def cache_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "ksv-test"


class S3rver(Server):
    name = "s3rver"
    packages = "nodejs npm"
    programs = ("node",)
    program = pathlib.Path("node_modules/s3rver/bin/s3rver.js")

    @classmethod
    def folder_of_packages(cls):
        return cache_folder() / f"s3rver-{VERSION}"

    @classmethod
    def install(cls):
        """Has npm fetch it, once for this user."""
        target = cls.folder_of_packages()
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target.parent / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (target / cls.program).exists():
                return
            if shutil.which("npm") is None:
                raise ServerError("s3rver: npm not found; install the packages nodejs npm")
            with tempfile.TemporaryDirectory(dir=target.parent) as staged:
                cls.npm_install(staged)
                shutil.rmtree(target, ignore_errors=True)
                os.rename(staged, target)
                os.mkdir(staged)

    @classmethod
    def npm_install(cls, folder):
        done = subprocess.run(
            ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts",
             "--omit=dev", f"s3rver@{VERSION}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=INSTALL_SECONDS, check=False)
        if done.returncode != 0 or not (pathlib.Path(folder) / cls.program).exists():
            raise ServerError(f"s3rver: npm could not install it\n{done.stdout[-2000:]}")

    def start(self):
        self.require_programs()
        program = self.folder_of_packages() / self.program
        if not program.exists():
            raise ServerError("s3rver: not installed; scripts/install-deps.sh test has npm fetch it")
        objects = self.folder / "objects"
        objects.mkdir()
        self.spawn("s3rver", "node", program, "--silent", "--address", "127.0.0.1",
                   "--port", self.ports[0], "--directory", objects)
        self.await_answer(self.ports[0])

    def environment(self):
        # The only account it knows.
        return credentials("S3RVER", "S3RVER") | {
            "KSV_TEST_S3_KIND": self.name,
            "KSV_TEST_S3_ENDPOINT": f"http://127.0.0.1:{self.ports[0]}",
        }
