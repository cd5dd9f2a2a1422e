# s3rver, from npm: an S3 that takes each request, and no notice of any condition.
import pathlib

from npm import NpmServer
from server import credentials


class S3rver(NpmServer):
    name = package = "s3rver"
    version = "3.7.1"
    packages = "nodejs npm"
    programs = ("node",)
    program = pathlib.Path("node_modules/s3rver/bin/s3rver.js")

    def start(self):
        self.require_programs()
        program = self.installed_program()
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
