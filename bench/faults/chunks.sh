#!/bin/sh
# chunks.sh MODEL: chunked bodies: extensions and trailers are taken, bad sizes are refused with 400, and
# the log holds neither a stack trace nor the client's bytes.
. "$(dirname "$0")/lib.sh"
serve a
python3 - "$url_a" "$item" <<'PYTHON'
import re, socket, sys
host, port = re.match(r"http://([^:/]+):(\d+)", sys.argv[1]).groups()
body = b'{"item":"%s"}' % sys.argv[2].encode()
size = b"%x" % len(body)

def send(chunks):
    s = socket.create_connection((host, int(port)), 10)
    s.sendall(b"POST /v1/sessions/chunks/events HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"
              b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" % host.encode() + chunks)
    answer = b""
    while (part := s.recv(65536)):
        answer += part
    return int(answer.split(b" ", 2)[1])

good = {
    "plain": size + b"\r\n" + body + b"\r\n0\r\n\r\n",
    "upper case": size.upper() + b"\r\n" + body + b"\r\n0\r\n\r\n",
    "extension": size + b";name=value\r\n" + body + b"\r\n0;last\r\n\r\n",
    "quoted extension": size + b';name="a b"\r\n' + body + b"\r\n0\r\n\r\n",
    "trailer": size + b"\r\n" + body + b"\r\n0\r\nX-Check: 1\r\n\r\n",
    "two chunks": b"1\r\n" + body[:1] + b"\r\n%x\r\n" % (len(body) - 1) + body[1:] + b"\r\n0\r\n\r\n",
}
bad = {n: n.encode() + b"\r\n" + body + b"\r\n0\r\n\r\n" for n in
       ["zz", "-14", "0x14", "+14", "", "14 14", "ffffffffffffffffff"]}
bad["line feed alone"] = size + b"\n" + body + b"\n0\n\n"
bad["longer than said"] = b"2\r\n" + body + b"\r\n0\r\n\r\n"
wrong = []
for name, want, cases in (("taken", 200, good), ("refused", 400, bad)):
    for case, chunks in cases.items():
        status = send(chunks)
        print(f"{status}  {name}: {case or 'no size'}")
        if status != want:
            wrong.append(case)
sys.exit(f"FAILED: {wrong}" if wrong else 0)
PYTHON
grep -q "	at \|Exception" "$work/a.log" && fail "the server's log has a stack trace"
[ "$(wc -c <"$work/a.log")" -lt 20000 ] || fail "the server's log has $(wc -c <"$work/a.log") bytes"
echo ok
