"""A mail server that is not ours, for tests: STARTTLS or TLS, and a login.

Takes one argument: a JSON object with `mode` (starttls, tls, plain), `cert`, `key`, `user`,
`password`, `folder`. Prints the port, then writes each mail it takes into the folder, as
NUMBER.eml with the envelope in NUMBER.json."""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Handler:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.number = 0

    async def handle_DATA(self, server, session, envelope):
        self.number += 1
        name = f"{self.number:05d}"
        about = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "login": bool(session.authenticated),
        }
        (self.folder / f"{name}.eml").write_bytes(envelope.content)
        (self.folder / f"{name}.json").write_text(json.dumps(about))
        return "250 taken"


def main():
    wanted = json.loads(sys.argv[1])
    handler = Handler(wanted["folder"])
    mode = wanted["mode"]
    context = None
    if mode != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(wanted["cert"], wanted["key"])

    def authenticate(server, session, envelope, mechanism, data):
        good = (
            isinstance(data, LoginPassword)
            and data.login == wanted["user"].encode()
            and data.password == wanted["password"].encode()
        )
        return AuthResult(success=good)

    def protocol():
        return SMTP(
            handler,
            enable_SMTPUTF8=True,
            tls_context=context if mode == "starttls" else None,
            require_starttls=mode == "starttls",
            authenticator=authenticate,
            auth_required=mode != "plain",
            auth_require_tls=mode == "starttls",
            hostname="localhost",
        )

    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            protocol, "127.0.0.1", 0, ssl=context if mode == "tls" else None
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    asyncio.run(serve())


main()
