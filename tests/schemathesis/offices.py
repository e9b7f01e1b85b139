"""Sets a new installation up for schemathesis: a county imported, and a token for each office.

    offices.py FOLDER OFFICE...

FOLDER holds county.xlsx and the server's output in server.txt. Written there: url.txt and, for
each office, OFFICE.token. Only the API is used, as a client would.
"""

import base64
import hashlib
import hmac
import http.cookiejar
import json
import pathlib
import re
import struct
import sys
import time
import urllib.error
import urllib.request

AREA = "150199"
PASSWORD = "Four-horses-and-7-carts"
NATURES = ["read", "reveal", "feed", "apply", "record", "recommend", "decide", "administer"]


class Person:
    """Somebody with a session at the server."""

    def __init__(self, url):
        self.url = url
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def ask(self, method, path, body=None, headers=(), raw=None):
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data=data, method=method)
        request.add_header("Origin", self.url)
        if raw is None and body is not None:
            request.add_header("Content-Type", "application/json")
        for name, value in headers:
            request.add_header(name, value)
        try:
            with self.opener.open(request) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")
        return json.loads(text) if text else None

    def enter(self, link, user_name):
        """Sets the account up, signs in, and shows a second factor where the office wants one."""
        self.ask("POST", "/setup", {"link": link, "password": PASSWORD})
        credentials = {"user_name": user_name, "password": PASSWORD}
        if not self.ask("POST", "/session", credentials)["full"]:
            secret = self.ask("POST", "/me/second-factor")["secret"]
            self.ask("POST", "/me/second-factor/confirmation", {"code": code(secret)})
        return self

    def token(self):
        order = {"name": "schemathesis", "natures": NATURES, "days": 3}
        return self.ask("POST", "/me/tokens", order)["secret"]

    def import_county(self, workbook, on=None):
        edge = "dinggang-edge"
        head = (
            f"--{edge}\r\n"
            'Content-Disposition: form-data; name="file"; filename="county.xlsx"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        raw = head.encode() + workbook + f"\r\n--{edge}--\r\n".encode()
        kind = ("Content-Type", f"multipart/form-data; boundary={edge}")
        day = f"&on={on}" if on else ""
        path = f"/imports?complete_for={AREA}{day}"
        outcome = self.ask("POST", path, headers=[kind], raw=raw)
        assert outcome["recorded"], outcome


def code(secret):
    """The six digits of this half minute (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def listening(folder):
    """The address and the first administrator's link, once the server says them."""
    for _ in range(600):
        text = (folder / "server.txt").read_text(errors="replace")
        url = re.search(r"http://127\.0\.0\.1:\d+", text)
        link = re.search(r"dgl_[A-Za-z0-9_-]+", text)
        if url and link:
            return url.group(), link.group()
        time.sleep(0.1)
    sys.exit("the server did not start:\n" + text)


def main():
    folder, offices = pathlib.Path(sys.argv[1]), sys.argv[2:]
    for _ in range(100):
        if (folder / "server.txt").exists():
            break
        time.sleep(0.1)
    url, link = listening(folder)
    administrator = Person(url).enter(link, "admin")

    def invite(office, capacity, **more):
        name = office.replace("_", "-")
        order = {"user_name": name, "name": "测试", "capacities": [capacity], **more}
        made = administrator.ask("POST", "/accounts", order)
        return Person(url).enter(made["link"], name)

    def reviewer(office):
        tier, authority = office.split("_", 1)
        capacity = {"role": "reviewer", "authority": authority, "tier": tier, "area": AREA}
        return invite(office, capacity)

    people = {"administrator": administrator}
    people["county_human_resources"] = reviewer("county_human_resources")
    people["county_human_resources"].import_county((folder / "county.xlsx").read_bytes())
    member = people["county_human_resources"].ask("GET", "/people?limit=1")["items"][0]
    house = people["county_human_resources"].ask("GET", "/institutions?limit=1")["items"][0]["id"]
    person = member["id"]
    for office in offices:
        if office in people:
            continue
        if office == "staff":
            own = {"role": "staff", "person": person}
            people[office] = invite(office, own, person=person)
        elif office == "institution_hr":
            people[office] = invite(office, {"role": "institution_hr", "institution": house})
        elif office == "auditor":
            people[office] = invite(office, {"role": "auditor"})
        else:
            people[office] = reviewer(office)
    for office in offices:
        (folder / f"{office}.token").write_text(people[office].token())
    (folder / "url.txt").write_text(url)


if __name__ == "__main__":
    main()
