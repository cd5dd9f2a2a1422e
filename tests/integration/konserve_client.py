# A client that updates a counter as konserve-s3 with :optimistic-locking-retries does (doc/format.md, "S3 layout and
# protocol"): no more of its formats than that takes.
import time

# Fressian's packed integers: for each length, what the first byte adds to the highest bits.
FIRST_OF_TWO, FIRST_OF_SIX = 0x50, 0x7A
INST = 0xC8
HEADER_BYTES = 20


def packed_int(number):
    if 0 <= number < 64:
        return bytes([number])
    if not -4096 <= number < 4096:
        raise ValueError(number)
    return bytes([FIRST_OF_TWO + (number >> 8), number & 0xFF])


def unpacked_int(data):
    if len(data) == 1 and data[0] < 64:
        return data[0]
    if len(data) == 2 and 0x40 <= data[0] <= 0x5F:
        return (data[0] - FIRST_OF_TWO) << 8 | data[1]
    raise ValueError(data.hex())


def sections(blob):
    """The header, the meta section and the value section."""
    end = HEADER_BYTES + int.from_bytes(blob[4:8], "big")
    return blob[:HEADER_BYTES], blob[HEADER_BYTES:end], blob[end:]


def inst_at(meta):
    """Where the milliseconds of :last-write stand: six bytes, for any date of these decades."""
    place = meta.index(b"last-write") + len(b"last-write")
    if meta[place] != INST:
        raise ValueError(meta.hex())
    return slice(place + 1, place + 7)


def touched(meta):
    """The same metadata with another :last-write; what else is in it, known or not, stays."""
    now = int(time.time() * 1000)
    place = inst_at(meta)
    return meta[:place.start] + bytes([FIRST_OF_SIX + (now >> 40)]) + (now & (2**40 - 1)).to_bytes(5, "big") \
        + meta[place.stop:]


class Conflict(Exception):
    """`:optimistic-lock-conflict`, the retries being used up."""


class KonserveClient:
    """One connection, which remembers an ETag for each object."""

    def __init__(self, client, bucket, retries):
        self.client, self.bucket, self.retries = client, bucket, retries
        self.etags = {}
        self.conflicts = 0

    def get(self, name):
        status, headers, blob = self.client.exchange("GET", f"/{self.bucket}/{name}")
        if status != 200:
            raise RuntimeError(f"GET {name}: {status}")
        # Ceph compares with the bare ETag only; AWS takes both.
        self.etags[name] = headers["etag"].strip('"')
        return blob

    def put(self, name, blob):
        condition = {"If-Match": self.etags[name]} if name in self.etags else {}
        status, answer = self.client.request("PUT", f"/{self.bucket}/{name}", headers=condition, body=blob)
        if status == 412:
            return False
        # Ceph says 500 UnknownError to some losers of a race, and AWS's SDK sends what got a 5xx again.
        if status == 500:
            return self.put(name, blob)
        if status != 200:
            raise RuntimeError(f"PUT {name}: {status} {answer!r}")
        del self.etags[name]
        return True

    def update(self, name, function):
        """Without any back-off, as konserve does it."""
        for _ in range(self.retries + 1):
            header, meta, value = sections(self.get(name))
            blob = header + touched(meta) + packed_int(function(unpacked_int(value)))
            if self.put(name, blob):
                return
            self.conflicts += 1
        raise Conflict(name)
