"""A web server on the loopback that misbehaves as its paths say, for the tests of fetching.

    python3 unreliable_server.py FOLDER

It prints its port on the first line of standard output, and deletes FOLDER and ends when its
standard input ends. A path is /CLIENT/CONDUCT/FILE; every request is noted in
FOLDER/CLIENT.log as conduct and range.
"""

import http.server
import os
import shutil
import sys
import threading
import time

FOLDER = sys.argv[1]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        client, conduct, name = self.path.lstrip("/").split("/")
        asked = self.headers.get("Range", "")
        with open(os.path.join(FOLDER, client + ".log"), "a") as log:
            log.write(f"{conduct} {asked}\n")
        if conduct == "missing":
            return self.send_error(404)
        if conduct == "broken":
            return self.send_error(503)
        if conduct == "nonsense":
            self.wfile.write(b"\x00\xff not HTTP at all\r\n" * 50)
            return None
        if conduct == "elsewhere":
            return self.redirect("file:///etc/hostname")
        if conduct == "around":
            return self.redirect(self.path)
        if conduct == "moved":
            return self.redirect(f"/{client}/good/{name}")
        with open(os.path.join(FOLDER, name), "rb") as file:
            data = file.read()
        return self.answer(conduct, data, int(asked[6:-1]) if asked else 0)

    def redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, conduct: str, data: bytes, first: int) -> None:
        if conduct == "wrong":
            data = bytes(byte ^ 1 for byte in data)
        if conduct == "long":
            data += b"more"
        if conduct == "short":
            data = data[:-5]
        if conduct == "rangeless":
            first = 0
        if conduct == "liar" and first:
            return self.body(206, data, first + 7, len(data))
        if first >= len(data):
            return self.send_error(416)
        # A drop gives a third of the file each time, at most.
        step = len(data) // 3 + 1
        end = first + step if conduct in ("drop", "rangeless-drop") else len(data)
        if conduct == "rangeless-drop":
            first, end = 0, step
        return self.body(206 if first else 200, data, first, end, conduct)

    def body(self, status: int, data: bytes, first: int, end: int, conduct: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) - first))
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if conduct == "stall":
            self.wfile.write(data[first : first + 10])
            self.wfile.flush()
            time.sleep(60)
            return
        if conduct == "slow":
            for start in range(first, len(data), 4000):
                self.wfile.write(data[start : start + 4000])
                self.wfile.flush()
                time.sleep(0.01)
            return
        self.wfile.write(data[first:end])

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    main()
