#!/usr/bin/env python3
"""usage: s3_credentials_test.py KSV [TEST...]

Where ksv finds credentials, each place with a stand-in on loopback or the gateway's own STS. What they give are
sessions of the gateway, which checks signatures and tokens. Runs under run.py rgw."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import time
import urllib.parse

from s3_case import DENIED, GatewayCase, S3Client, main

ROLE = "arn:aws:iam:::role/reader"


def in_an_hour():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))


def make_role():
    """A role of the gateway that our user may assume, and that may do everything."""
    admin = ["radosgw-admin", "-c", os.environ["KSV_TEST_S3_CONF"]]
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole"],
                                                     "Principal": {"AWS": ["arn:aws:iam:::user/ksv"]}}]}
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:*"],
                                                   "Resource": "arn:aws:s3:::*"}]}
    for command in (["role", "create", "--role-name=reader", f"--assume-role-policy-doc={json.dumps(trust)}"],
                    ["role-policy", "put", "--role-name=reader", "--policy-name=all",
                     f"--policy-doc={json.dumps(may)}"]):
        subprocess.run(admin + command, check=True, capture_output=True)


def assume_role():
    """Credentials of a session, as the gateway's STS gives them to a bare client."""
    client = S3Client()
    client.service = "sts"
    form = urllib.parse.urlencode({"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": ROLE,
                                   "RoleSessionName": "bare"})
    answer = client.require("POST", "/", headers={"Content-Type": "application/x-www-form-urlencoded"},
                            body=form.encode()).decode()
    client.connection.close()
    return [re.search(f"<{name}>(.*?)</{name}>", answer)[1]
            for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]


class Credentials(GatewayCase):
    session = None

    @classmethod
    def setUpClass(cls):
        make_role()
        cls.session = assume_role()

    def setUp(self):
        super().setUp()
        # The bucket belongs to the role's tenant like to its user: what the role makes it may read.
        self.ksv("create-store", "-s", self.store, env=self.session_variables())
        self.ksv("assoc", ":a", "1", "-s", self.store, env=self.session_variables())

    def session_variables(self):
        access_key, secret, token = self.session
        return self.env | {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    def reads(self, source, **variables):
        """Reads :a with what the variables lead to, which -v must name `source`; no secret may be told."""
        env = {"AWS_ENDPOINT_URL_S3": self.endpoint, "AWS_REGION": "us-east-1"} | variables
        out, err = self.ksv("get", ":a", "-vv", "-s", self.store, env=env)
        self.assertEqual(out, "1\n")
        self.assertIn(f"AWS credentials: {source}\n", err)
        self.assert_no_secret(err)

    def is_refused(self, *parts, **variables):
        env = {"AWS_ENDPOINT_URL_S3": self.endpoint, "AWS_REGION": "us-east-1"} | variables
        out, err = self.ksv("get", ":a", "-vv", "-s", self.store, "--timeout", "10s", env=env, status=DENIED)
        self.assertEqual(out, "")
        for part in parts:
            self.assertIn(part, err)
        self.assert_no_secret(err)
        return err

    def assert_no_secret(self, text):
        for secret in (self.secret, *self.session[1:]):
            self.assertNotIn(secret, text)

    def config(self, text):
        (self.folder / "config").write_text(text)
        return {"AWS_CONFIG_FILE": str(self.folder / "config")}

    def process_output(self, **changes):
        access_key, secret, token = self.session
        return {"Version": 1, "AccessKeyId": access_key, "SecretAccessKey": secret, "SessionToken": token,
                "Expiration": in_an_hour()} | changes

    def agent_answer(self):
        access_key, secret, token = self.session
        body = {"Code": "Success", "AccessKeyId": access_key, "SecretAccessKey": secret, "Token": token,
                "Expiration": in_an_hour()}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def test_the_environment(self):
        self.reads("environment", **self.session_variables())
        broken = self.session_variables() | {"AWS_SECRET_ACCESS_KEY": "of/another/session"}
        self.is_refused("HTTP 403", **broken)
        self.is_refused("HTTP 403", **(self.session_variables() | {"AWS_SESSION_TOKEN": None}))

    def test_the_store_s_own_keys_come_first(self):
        access_key, secret, token = self.session
        address = self.folder / "store"
        address.write_text(f'{{:backend :s3 :bucket "{self.bucket}" :id #uuid "{self.store[-36:]}" '
                           f':access-key "{access_key}" :secret "{secret}" :session-token "{token}"}}')
        self.store = f"@{address}"
        self.reads("the store's settings", AWS_ACCESS_KEY_ID="other", AWS_SECRET_ACCESS_KEY="other")

    def test_a_profile_of_the_credentials_file(self):
        access_key, secret, token = self.session
        (self.folder / "credentials").write_text(
            "[default]\naws_access_key_id = other\naws_secret_access_key = other\n"
            f"[work]\naws_access_key_id = {access_key}\naws_secret_access_key = {secret}\n"
            f"aws_session_token = {token}\n")
        known = {"AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials")}
        self.reads("profile work", AWS_PROFILE="work", **known)
        self.store += "?profile=work"
        self.reads("profile work", **known)

    def test_a_role_by_the_gateway_s_own_sts(self):
        files = self.config(f"[profile base]\naws_access_key_id = {self.access_key}\n"
                            f"aws_secret_access_key = {self.secret}\n"
                            f"[profile role]\nrole_arn = {ROLE}\nsource_profile = base\nrole_session_name = test\n")
        self.reads(f"profile role (role {ROLE})", AWS_PROFILE="role", AWS_ENDPOINT_URL_STS=self.endpoint, **files)

    def test_a_role_by_the_environment(self):
        files = self.config(f"[profile role]\nrole_arn = {ROLE}\ncredential_source = Environment\n")
        # A profile that is named in the address comes before keys of the environment, AWS_PROFILE after them.
        self.store += "?profile=role"
        self.reads(f"profile role (role {ROLE})", AWS_ENDPOINT_URL_STS=self.endpoint,
                   AWS_ACCESS_KEY_ID=self.access_key, AWS_SECRET_ACCESS_KEY=self.secret, **files)

    def test_a_role_that_sts_refuses(self):
        files = self.config(f"[profile base]\naws_access_key_id = {self.access_key}\n"
                            f"aws_secret_access_key = {self.secret}\n"
                            f"[profile role]\nrole_arn = {ROLE}-none\nsource_profile = base\n")
        self.is_refused(f"role {ROLE}-none", AWS_PROFILE="role", AWS_ENDPOINT_URL_STS=self.endpoint, **files)

    def test_a_wrong_secret_at_sts_is_not_taken_for_a_missing_permission_of_s3(self):
        files = self.config(f"[profile base]\naws_access_key_id = {self.access_key}\naws_secret_access_key = wrong\n"
                            f"[profile role]\nrole_arn = {ROLE}\nsource_profile = base\n")
        err = self.is_refused("AccessDenied", "trust", "or they are wrong", AWS_PROFILE="role",
                              AWS_ENDPOINT_URL_STS=self.endpoint, **files)
        self.assertNotIn("s3:", err.replace("s3://", ""))

    def test_a_process(self):
        (self.folder / "answer").write_text(json.dumps(self.process_output()))
        files = self.config(f"[default]\ncredential_process = cat {shlex.quote(str(self.folder / 'answer'))}\n")
        self.reads("profile default (credential_process)", **files)

    def test_a_process_that_fails_tells_no_secret(self):
        files = self.config(f"[default]\ncredential_process = sh -c 'echo {self.secret}; exit 3'\n")
        self.is_refused("credential_process", "status 3", **files)

    def test_credentials_are_renewed_before_they_expire(self):
        # Each run of the process leaves a mark. What it gives is good for two seconds, and half of that is used.
        (self.folder / "run.sh").write_text(
            'echo x >> marks\nexpires=$(date -u -d "+2 seconds" +%Y-%m-%dT%H:%M:%SZ)\n'
            'sed "s/EXPIRES/$expires/" answer\n')
        (self.folder / "answer").write_text(json.dumps(self.process_output(Expiration="EXPIRES")))
        files = self.config(f"[default]\ncredential_process = cd {shlex.quote(str(self.folder))} && sh run.sh\n")
        env = {"AWS_ENDPOINT_URL_S3": self.endpoint, "AWS_REGION": "us-east-1"} | files
        self.ksv("update", ":a", "--exec", "-s", self.store, "--", "sh", "-c", "sleep 2; cat", env=env)
        self.assertGreaterEqual(len((self.folder / "marks").read_text()), 2 * len("x\n"))

    def test_web_identity(self):
        access_key, secret, token = self.session
        answer = ("<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                  f"<AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey>"
                  f"<SessionToken>{token}</SessionToken><Expiration>{in_an_hour()}</Expiration>"
                  "</Credentials></AssumeRoleWithWebIdentityResult>"
                  "</AssumeRoleWithWebIdentityResponse>")
        sts = self.serve(lambda _: (200, {"Content-Type": "text/xml"}, answer.encode()))
        (self.folder / "token").write_text("the.token.of.the.pod\n")
        self.reads(f"web identity (role {ROLE})", AWS_WEB_IDENTITY_TOKEN_FILE=str(self.folder / "token"),
                   AWS_ROLE_ARN=ROLE, AWS_ENDPOINT_URL_STS=sts.url)
        form = urllib.parse.parse_qs(sts.requests[0].body.decode())
        self.assertEqual((form["Action"], form["WebIdentityToken"], form["RoleArn"]),
                         (["AssumeRoleWithWebIdentity"], ["the.token.of.the.pod"], [ROLE]))
        self.assertNotIn("authorization", sts.requests[0].headers)

    def test_the_cache_of_single_sign_on(self):
        access_key, secret, token = self.session
        start = "https://x.awsapps.com/start"
        cache = self.folder / ".aws/sso/cache"
        cache.mkdir(parents=True)
        (cache / f"{hashlib.sha1(b'my').hexdigest()}.json").write_text(json.dumps(
            {"startUrl": start, "accessToken": "token-of-login", "expiresAt": in_an_hour()}))
        answer = {"roleCredentials": {"accessKeyId": access_key, "secretAccessKey": secret, "sessionToken": token,
                                      "expiration": int(time.time() + 3600) * 1000}}
        portal = self.serve(lambda _: (200, {}, json.dumps(answer).encode()))
        files = self.config(f"[profile sso]\nsso_session = my\nsso_account_id = 111122223333\nsso_role_name = reader\n"
                            f"[sso-session my]\nsso_region = eu-west-1\nsso_start_url = {start}\n")
        self.reads("profile sso (SSO)", AWS_PROFILE="sso", AWS_ENDPOINT_URL_SSO=portal.url, **files)
        self.assertEqual(portal.requests[0].headers["x-amz-sso_bearer_token"], "token-of-login")
        self.assertIn("role_name=reader", portal.requests[0].target)

    def test_a_container_s_agent(self):
        agent = self.serve(lambda _: self.agent_answer())
        (self.folder / "token").write_text("token-of-container\n")
        self.reads(f"container ({agent.url})", AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{agent.url}/v1/x",
                   AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(self.folder / "token"))
        self.assertEqual(agent.requests[0].headers["authorization"], "token-of-container")
        self.assertEqual(agent.lines(), ["GET /v1/x"])

    def test_a_container_s_agent_elsewhere_is_not_asked_without_tls(self):
        self.is_refused("container credentials", AWS_CONTAINER_CREDENTIALS_FULL_URI="http://example.com/x",
                        AWS_CONTAINER_AUTHORIZATION_TOKEN="token-of-container")

    def test_the_metadata_of_an_instance(self):
        def answer(request):
            if request.line == "PUT /latest/api/token":
                return 200, {}, b"token-of-instance"
            if request.headers.get("x-aws-ec2-metadata-token") != "token-of-instance":
                return 401, {}, b""
            if request.target == "/latest/meta-data/iam/security-credentials/":
                return 200, {}, b"role-of-instance"
            return self.agent_answer()
        metadata = self.serve(answer)
        self.reads("instance metadata (role role-of-instance)", AWS_EC2_METADATA_DISABLED=None,
                   AWS_EC2_METADATA_SERVICE_ENDPOINT=metadata.url)
        self.assertEqual(metadata.lines(), ["PUT /latest/api/token", "GET /latest/meta-data/iam/security-credentials/",
                                            "GET /latest/meta-data/iam/security-credentials/role-of-instance"])
        self.assertEqual(metadata.requests[0].headers["x-aws-ec2-metadata-token-ttl-seconds"], "21600")

    def test_a_place_that_fails_is_an_error_and_not_passed_over(self):
        agent = self.serve(lambda _: (500, {}, b""))
        metadata = self.serve(lambda _: self.agent_answer())
        self.is_refused("container credentials", AWS_CONTAINER_CREDENTIALS_FULL_URI=agent.url + "/x",
                        AWS_EC2_METADATA_DISABLED=None, AWS_EC2_METADATA_SERVICE_ENDPOINT=metadata.url)
        self.assertEqual(metadata.requests, [])

    def test_nothing_found_names_all_places(self):
        self.is_refused("no AWS credentials found", "AWS_ACCESS_KEY_ID is not set", "profile default",
                        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_DISABLED")

    def test_nobody_reads_a_public_bucket_and_no_other(self):
        self.store += "?anonymous=true"
        self.is_refused("HTTP 403")
        policy = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"],
             "Resource": [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]}]}
        self.client.require("PUT", f"/{self.bucket}", {"policy": ""}, body=json.dumps(policy).encode())
        self.reads("anonymous")
        env = {"AWS_ENDPOINT_URL_S3": self.endpoint, "AWS_REGION": "us-east-1"}
        self.assertEqual(self.ksv("keys", "-s", self.store, env=env)[0], ":a\n")
        self.ksv("assoc", ":a", "2", "-s", self.store, env=env, status=DENIED)


if __name__ == "__main__":
    main()
