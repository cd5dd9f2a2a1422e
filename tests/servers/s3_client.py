# A bare S3 client, of signed requests on kept connections: what the servers' own tests and the benchmarks ask with.
import datetime
import hashlib
import hmac
import http.client
import os
import urllib.parse


def hmac_sha256(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class S3Client:
    """One connection to the server that the environment names."""

    def __init__(self, environment=None):
        known = os.environ if environment is None else environment
        self.host = known["KSV_TEST_S3_ENDPOINT"].removeprefix("http://")
        self.access_key = known["KSV_TEST_S3_ACCESS_KEY"]
        self.secret = known["KSV_TEST_S3_SECRET"]
        self.region = known["KSV_TEST_S3_REGION"]
        self.service = "s3"
        self.keys_of_days = {}
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def signing_key(self, day):
        if day not in self.keys_of_days:
            key = ("AWS4" + self.secret).encode()
            for part in (day, self.region, self.service, "aws4_request"):
                key = hmac_sha256(key, part)
            self.keys_of_days[day] = key
        return self.keys_of_days[day]

    def signed(self, method, path, query, headers, body):
        """The target of the request and its headers."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        quote = lambda text: urllib.parse.quote(text, safe="-_.~")
        encoded_path = urllib.parse.quote(path, safe="-_.~/")
        encoded_query = "&".join(f"{quote(name)}={quote(value)}" for name, value in sorted(query.items()))
        digest = hashlib.sha256(body).hexdigest()
        ours = {"host": self.host, "x-amz-content-sha256": digest, "x-amz-date": now}
        names = ";".join(ours)
        canonical = "\n".join([method, encoded_path, encoded_query,
                               *(f"{name}:{value}" for name, value in ours.items()), "", names, digest])
        scope = f"{now[:8]}/{self.region}/{self.service}/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac_sha256(self.signing_key(now[:8]), to_sign).hex()
        authorization = (f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, "
                         f"SignedHeaders={names}, Signature={signature}")
        target = encoded_path + ("?" + encoded_query if encoded_query else "")
        return target, ours | {"Authorization": authorization} | (headers or {})

    def exchange(self, method, path, query=None, headers=None, body=b""):
        """The status, the headers with names in lower case, and the body of the answer."""
        target, all_headers = self.signed(method, path, query or {}, headers, body)
        try:
            self.connection.request(method, target, body=body, headers=all_headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes connections that are idle; only what reads is asked for again.
            self.connection.close()
            if method not in ("GET", "HEAD"):
                raise
            self.connection.request(method, target, headers=all_headers)
            answer = self.connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def request(self, method, path, query=None, headers=None, body=b""):
        """The status and the body of the answer."""
        status, _, answer = self.exchange(method, path, query, headers, body)
        return status, answer

    def require(self, method, path, query=None, headers=None, body=b""):
        status, answer = self.request(method, path, query, headers, body)
        if status // 100 != 2:
            raise RuntimeError(f"{method} {path}: {status} {answer[:300]!r}")
        return answer
