#!/usr/bin/env python3
"""Writes src/test/resources/vectors/forms.jsonl: forms as clients send them, and what the original service made of each.

The original ran on Werkzeug 0.14.1 and took the part `file` of `flask.request.files`. To write the file anew:

    pip download --no-deps Werkzeug==0.14.1 && unzip -d werkzeug Werkzeug-*.whl
    PYTHONPATH=werkzeug python3 src/test/oracle/forms.py >src/test/resources/vectors/forms.jsonl

A line holds `form` (its name), `type` and `body` (each character is a byte), and one of
  filename, stored, sha256   what the client called the file, what secure_filename made of it, and the digest of its bytes
  refused                    the text of the original's 400
  error                      the exception that made it answer 500
"""
import collections
import collections.abc
import hashlib
import io
import itertools
import json

for name in collections.abc.__all__:  # Werkzeug 0.14.1 imports them from where Python 3.10 has none
    setattr(collections, name, getattr(collections.abc, name))

from werkzeug.formparser import parse_form_data  # noqa: E402
from werkzeug.http import parse_options_header  # noqa: E402
from werkzeug.utils import secure_filename  # noqa: E402

CONTENT = b"ACGT\r\n-\r\n--\r\n\x00\xffTTAA\n"
corpus = {}


def add(name, kind, body):
    assert name not in corpus, name
    corpus[name] = (kind.encode("utf-8") if isinstance(kind, str) else kind, body)


def asked(kind, body):
    """What the original did with its `'file' not in files` and `not filename`."""
    told = kind.decode("latin-1")
    mimetype, options = parse_options_header(told)
    environ = {
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        # Flask reads the type in lower case, and the parser by what it is given.
        "CONTENT_TYPE": told.replace(mimetype, mimetype.lower(), 1),
    }
    try:
        files = parse_form_data(environ)[2]
    except Exception as error:  # whatever it is, it was a 500
        return {"error": type(error).__name__}
    if "file" not in files:
        return {"refused": "File field missing"}
    file = files["file"]
    if not file.filename:
        return {"refused": "Filename missing"}
    return {
        "filename": file.filename,
        "stored": secure_filename(file.filename),
        "sha256": hashlib.sha256(file.read()).hexdigest(),
    }


def form(boundary, *parts, eol=b"\r\n", close=b"--", end=None, padding=b""):
    """Parts are (header lines, content)."""
    made = b""
    for headers, content in parts:
        made += b"--" + boundary + padding + eol
        made += b"".join(line + eol for line in headers) + eol + content + eol
    return made + b"--" + boundary + close + (eol if end is None else end)


def disposition(rest, *more):
    return [b"Content-Disposition: " + rest, *more]


def file_part(filename=b'filename="reads.fa"', content=CONTENT):
    return disposition(b'form-data; name="file"; ' + filename, b"Content-Type: application/octet-stream"), content


def field(name=b"note", value=b"text"):
    return disposition(b'form-data; name="' + name + b'"'), value


def typed(boundary):
    return b"multipart/form-data; boundary=" + boundary


# What each client makes of a boundary, and of a part's headers: {0} stands for the name.
B_CURL = b"------------------------d74496d66958873e"
CLIENTS = {
    "curl": (B_CURL, disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "curl 8": (b"------------------------nAcnzLzn0Sb0vVpEUVGQKq",
               disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: text/plain")),
    "python-requests": (b"1f9b4b8f5f1c4f5e8f5b7c1d2e3f4a5b", disposition(b'form-data; name="file"; filename="{0}"')),
    "httpx": (b"8d1f6a1d8b3f4e6f9c0d7a2b5e4f3c1d",
              disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: text/plain")),
    "aiohttp": (b"d1f9b4b8f5f1c4f5e8f5b7c1d2e3f4a5", [b"Content-Type: application/octet-stream",
                b'Content-Disposition: form-data; name="file"; filename="{0}"', b"Content-Length: 21"]),
    "requests-toolbelt": (b"c4f5e8f5b7c1d2e3f4a51f9b4b8f5f1c",
                          disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: text/plain")),
    "Apache HttpClient": (b"Zk0hPM4PqGGB-hM9kBd3J_gyPzhRjL3x",
                          disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream",
                                      b"Content-Transfer-Encoding: binary")),
    "OkHttp": (b"3f2b6a5c-1d4e-4c8f-9a7b-0e1d2c3b4a59",
               disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream",
                           b"Content-Length: 21")),
    "Chrome": (b"----WebKitFormBoundary7MA4YWxkTrZu0gW",
               disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "Firefox": (b"---------------------------9051914041544843365972754266",
                disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "Firefox 133": (b"----geckoformboundaryb1c0d3e4f5a69788",
                    disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "Go": (b"2a8ae6ad4f32a4d8a4bbe64a0a1b3f7c4ec7a6c4d8a4bbe64a0a1b3f7c4e",
           disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "R httr": (b"------------------------5d6d3b7a9c1e2f40",
               disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: text/x-fasta")),
    "Perl LWP": (b"xYzZY", disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: text/plain")),
    "node form-data": (b"--------------------------515890814546601021194782",
                       disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "undici": (b"----formdata-undici-0123456789ab",
               disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    ".NET": (b"a7f9c2d4-5b1e-4f3a-8c6d-9e0f1a2b3c4d",
             [b"Content-Type: application/octet-stream", b"Content-Disposition: form-data; name=file; filename={0}"]),
    "PHP": (b"------------------------0123456789abcdef",
            disposition(b'form-data; name="file"; filename="{0}"', b"Content-Length: 21")),
    "Ruby rest-client": (b"----RubyFormBoundaryTsqIBL0iujC5POpr",
                         disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: text/plain")),
    "Rust reqwest": (b"4e1b7c2a9d8f3e60-1a2b3c4d5e6f7081-9a8b7c6d5e4f3021-0f1e2d3c4b5a6978",
                     disposition(b'form-data; name="file"; filename="{0}"', b"Content-Type: application/octet-stream")),
    "setuptools": (b"--------------GHSKFJDLGDS7543FJKLFHRE75642756743254",
                   disposition(b'form-data; name="file";filename="{0}"')),
    "Python's email": (b"===============1234567890123456789==",
                       [b"Content-Type: application/octet-stream", b"MIME-Version: 1.0",
                        b"Content-Transfer-Encoding: 8bit",
                        b'Content-Disposition: form-data; name="file"; filename="{0}"']),
}
NAMES = {
    "plain": b"reads.fa",
    "with a blank": b"my reads (1).fa.gz",
    "UTF-8": "gr\u00fcn \u65e5\u672c.fa".encode(),
    "in folders": b"../run 7/./reads.fa",
    "with quotes escaped by percent": b"a%22b.fa",
    "hidden": b".hidden",
    "with a plus and an at": b"a+b@c,d.fa",
}

for client, (boundary, headers) in CLIENTS.items():
    for named, filename in NAMES.items():
        made = [line.replace(b"{0}", filename) for line in headers]
        quoted = b'"' + boundary + b'"' if client in (".NET", "Python's email") else boundary
        add(f"{client}: name {named}", typed(quoted), form(boundary, field(), (made, CONTENT), field(b"more")))

# Each way to write a filename.
FILENAMES = {
    "token": b"filename=reads.fa",
    "token with a blank": b"filename=my reads.fa",
    "token with a trailing blank": b"filename=reads.fa ",
    "token with a comma": b"filename=a,b.fa",
    "token with a slash": b"filename=run/reads.fa",
    "token of UTF-8": "filename=gr\u00fcn.fa".encode(),
    "token empty": b"filename=",
    "blanks around the equals sign": b'filename = "reads.fa"',
    "quoted, with a comma": b'filename="a,b.fa"',
    "quoted, with a semicolon": b'filename="a;b.fa"',
    "quoted, empty": b'filename=""',
    "quoted, a blank": b'filename=" "',
    "quoted, points": b'filename=".."',
    "quoted, placeholder": b'filename="placeholder"',
    "quoted, of which nothing is left": "filename=\"\u65e5\u672c\"".encode(),
    "quoted, quotes escaped": b'filename="a\\"b\\".fa"',
    "quoted, quotes not escaped": b'filename="a"b.fa"',
    "quoted, backslash at its end": b'filename="reads\\"',
    "quoted, backslash escaped at its end": b'filename="reads\\\\"',
    "quoted, not ended": b'filename="reads.fa',
    "quoted, ended twice": b'filename="reads.fa""',
    "quoted, junk behind": b'filename="reads.fa" junk',
    "quoted, parameter behind": b'filename="reads.fa"; size=21',
    "quoted, parameters like it inside": b'filename="x; name=other; filename=y"',
    "quoted, with a tab": b'filename="a\tb.fa"',
    "quoted, with a control character": b'filename="a\x01b.fa"',
    "quoted, with a NUL": b'filename="a\x00b.fa"',
    "quoted, with a DEL": b'filename="a\x7fb.fa"',
    "quoted, combining marks": "filename=\"e\u0301a\u0308.fa\"".encode(),
    "quoted, ligature and circled": "filename=\"\ufb01\u2460\u00bd.fa\"".encode(),
    "quoted, emoji": "filename=\"\U0001f9ec.fa\"".encode(),
    "quoted, full width": "filename=\"\uff41\uff0ffa\"".encode(),
    "quoted, line separator": "filename=\"a\u2028b.fa\"".encode(),
    "quoted, no-break space": "filename=\"a\u00a0b.fa\"".encode(),
    "quoted, Latin-1": b'filename="gr\xfcn.fa"',
    "quoted, cut UTF-8": b'filename="gr\xc3.fa"',
    "quoted, RFC 2047": b'filename="=?utf-8?B?Z3LDvG4uZmE=?="',
    "quoted, percent-encoded": b'filename="gr%C3%BCn.fa"',
    "quoted, HTML escapes": b'filename="gr&#252;n.fa"',
    "quoted, long": b'filename="' + b"n" * 300 + b'.fa"',
    "IE, a drive": b'filename="C:\\data\\reads.fa"',
    "IE, a drive and blanks": b'filename="C:\\Documents and Settings\\me\\my reads.fa"',
    "IE, a share": b'filename="\\\\server\\share\\reads.fa"',
    "IE, a drive, escaped": b'filename="C:\\\\data\\\\reads.fa"',
    "IE, a share, escaped": b'filename="\\\\\\\\server\\\\share\\\\reads.fa"',
    "IE, a drive and slashes": b'filename="C:/data/reads.fa"',
    "IE, a drive, token": b"filename=C:\\data\\reads.fa",
    "IE, a share, token": b"filename=\\\\server\\share\\reads.fa",
    "IE, a folder": b'filename="C:\\data\\"',
    "IE, a drive, lower case": b'filename="d:\\reads.fa"',
    "backslashes, relative": b'filename="data\\reads.fa"',
    "backslashes, from the root": b'filename="\\data\\reads.fa"',
    "star, UTF-8": b"filename*=UTF-8''gr%C3%BCn.fa",
    "star, utf-8 and language": b"filename*=utf-8'de'gr%C3%BCn.fa",
    "star, ISO-8859-1": b"filename*=ISO-8859-1''gr%FCn.fa",
    "star, iso-8859-1 and language": b"filename*=iso-8859-1'en'%A3%20rates.fa",
    "star, windows-1252": b"filename*=windows-1252''%80.fa",
    "star, an unknown charset": b"filename*=x-none''a.fa",
    "star, bytes that are no UTF-8": b"filename*=UTF-8''gr%FCn.fa",
    "star, a broken escape": b"filename*=UTF-8''100%zz.fa",
    "star, a plus": b"filename*=UTF-8''a+b.fa",
    "star, a blank": b"filename*=UTF-8''a%20b.fa",
    "star, a folder": b"filename*=UTF-8''..%2Frun%2Freads.fa",
    "star, a drive": b"filename*=UTF-8''C%3A%5Cdata%5Creads.fa",
    "star, quoted after the charset": b"filename*=UTF-8''\"reads.fa\"",
    "star, quoted whole": b"filename*=\"UTF-8''reads.fa\"",
    "star, without charset": b"filename*=reads.fa",
    "star, empty": b"filename*=UTF-8''",
    "star, blanks around": b"filename* = UTF-8''reads.fa",
    "plain, then star": b"filename=\"plain.fa\"; filename*=UTF-8''gr%C3%BCn.fa",
    "star, then plain": b"filename*=UTF-8''gr%C3%BCn.fa; filename=\"plain.fa\"",
    "aiohttp, UTF-8": b"filename=\"gr_n.fa\"; filename*=utf-8''gr%C3%BCn.fa",
    "urllib3, UTF-8": b"filename*=utf-8''gr%C3%BCn%20%E6%97%A5.fa",
    ".NET, UTF-8": b"filename=\"=?utf-8?B?Z3LDvG4uZmE=?=\"; filename*=utf-8''gr%C3%BCn.fa",
    ".NET, plain": b"filename=reads.fa; filename*=utf-8''reads.fa",
    "RFC 2231, in pieces": b'filename*0="rea"; filename*1="ds.fa"',
    "RFC 2231, in encoded pieces": b"filename*0*=UTF-8''gr%C3; filename*1*=%BCn.fa",
    "twice": b'filename="first.fa"; filename="second.fa"',
    "twice, the second empty": b'filename="first.fa"; filename=""',
    "twice, the first empty": b'filename=""; filename="second.fa"',
    "upper case": b'FILENAME="reads.fa"',
    "mixed case": b'FileName="reads.fa"',
    "without a value": b"filename",
    "none": b"size=21",
    "semicolon before the end": b'filename="reads.fa";',
    "two semicolons": b'; filename="reads.fa"',
}
B = b"X-FORM-BOUNDARY-7MA4YWxk"
for named, filename in FILENAMES.items():
    add(f"filename {named}", typed(B), form(B, file_part(filename)))

# The other words of a part's headers.
HEADERS = {
    "name as a token": [b'Content-Disposition: form-data; name=file; filename="reads.fa"'],
    "name behind the filename": [b'Content-Disposition: form-data; filename="reads.fa"; name="file"'],
    "no blanks": [b'Content-Disposition:form-data;name="file";filename="reads.fa"'],
    "many blanks": [b'Content-Disposition:   form-data;   name="file";   filename="reads.fa"   '],
    "tabs": [b'Content-Disposition:\tform-data;\tname="file";\tfilename="reads.fa"'],
    "a blank before the semicolon": [b'Content-Disposition: form-data ; name="file" ; filename="reads.fa"'],
    "a blank before the second semicolon": [b'Content-Disposition: form-data; name="file" ; filename="reads.fa"'],
    "a blank before the colon": [b'Content-Disposition : form-data; name="file"; filename="reads.fa"'],
    "lower case": [b'content-disposition: form-data; name="file"; filename="reads.fa"'],
    "upper case": [b'CONTENT-DISPOSITION: FORM-DATA; name="file"; filename="reads.fa"'],
    "NAME": [b'Content-Disposition: form-data; NAME="file"; filename="reads.fa"'],
    "another name": [b'Content-Disposition: form-data; name="data"; filename="reads.fa"'],
    "File": [b'Content-Disposition: form-data; name="File"; filename="reads.fa"'],
    "file[]": [b'Content-Disposition: form-data; name="file[]"; filename="reads.fa"'],
    "a blank in the name": [b'Content-Disposition: form-data; name="file "; filename="reads.fa"'],
    "no name": [b'Content-Disposition: form-data; filename="reads.fa"'],
    "an empty name": [b'Content-Disposition: form-data; name=""; filename="reads.fa"'],
    "two names": [b'Content-Disposition: form-data; name="other"; name="file"; filename="reads.fa"'],
    "two names, the other last": [b'Content-Disposition: form-data; name="file"; name="other"; filename="reads.fa"'],
    "name with a star": [b"Content-Disposition: form-data; name*=UTF-8''file; filename=\"reads.fa\""],
    "attachment": [b'Content-Disposition: attachment; name="file"; filename="reads.fa"'],
    "no type": [b'Content-Disposition: name="file"; filename="reads.fa"'],
    "no disposition": [b"Content-Type: text/plain"],
    "no headers": [],
    "an empty disposition": [b"Content-Disposition:"],
    "two dispositions": [b'Content-Disposition: form-data; name="file"; filename="first.fa"',
                         b'Content-Disposition: form-data; name="file"; filename="second.fa"'],
    "folded before the filename": [b'Content-Disposition: form-data; name="file";', b' filename="reads.fa"'],
    "folded before the name": [b"Content-Disposition: form-data;", b'\tname="file"; filename="reads.fa"'],
    "another folded": [b"X-Note: a", b" b", b'Content-Disposition: form-data; name="file"; filename="reads.fa"'],
    "a line without a colon": [b"junk", b'Content-Disposition: form-data; name="file"; filename="reads.fa"'],
    "a line that begins with a blank": [b' Content-Disposition: form-data; name="file"; filename="reads.fa"'],
    "Latin-1 in another": [b"X-Note: gr\xfcn", b'Content-Disposition: form-data; name="file"; filename="reads.fa"'],
    "a charset": [b'Content-Disposition: form-data; name="file"; filename="reads.fa"', b"Content-Type: text/plain; charset=utf-16"],
    "a name among those of the type": [b'Content-Type: text/plain; name="other"',
                                       b'Content-Disposition: form-data; name="file"; filename="reads.fa"'],
    "a length that is wrong": [b'Content-Disposition: form-data; name="file"; filename="reads.fa"', b"Content-Length: 7"],
    "a type that is a form": [b'Content-Disposition: form-data; name="file"; filename="reads.fa"',
                              b"Content-Type: multipart/mixed; boundary=inner"],
    "many": [b"X-%d: %d" % (i, i) for i in range(50)] + [b'Content-Disposition: form-data; name="file"; filename="reads.fa"'],
    "long": [b"X-Long: " + b"h" * 12000, b'Content-Disposition: form-data; name="file"; filename="reads.fa"'],
}
for named, headers in HEADERS.items():
    add(f"headers: {named}", typed(B), form(B, (headers, CONTENT)))

# What some clients of mail encode, RFC 7578 section 4.7 no longer allows, and the original decoded.
ENCODINGS = {
    "binary": (b"binary", CONTENT),
    "8bit": (b"8bit", CONTENT),
    "7bit": (b"7bit", b"ACGT"),
    "unknown": (b"x-own", CONTENT),
    "base64": (b"base64", b"QUNHVA=="),
    "base64, lines": (b"base64", b"QUNHVEFDR1RBQ0dU\r\nQUNHVEFDR1RBQ0dU\r\nVFRBQQ=="),
    "base64, a line that is no multiple of four": (b"base64", b"QUNHV\r\nA=="),
    "base64, wrong": (b"base64", b"QUNHV"),
    "base64, other characters": (b"base64", b"QUN*HVA=="),
    "base64, upper case": (b"BASE64", b"QUNHVA=="),
    "base64, empty": (b"base64", b""),
    "quoted-printable": (b"quoted-printable", b"a=3Db=20\r\nc"),
    "quoted-printable, soft line break": (b"quoted-printable", b"abc=\r\ndef"),
    "quoted-printable, blank at a line's end": (b"quoted-printable", b"abc \r\ndef"),
    "quoted-printable, lower case": (b"quoted-printable", b"a=3db"),
    "quoted-printable, broken": (b"quoted-printable", b"a=zzb="),
}
for named, (encoding, content) in ENCODINGS.items():
    headers = disposition(b'form-data; name="file"; filename="reads.fa"', b"Content-Transfer-Encoding: " + encoding)
    add(f"transfer encoding {named}", typed(B), form(B, (headers, content)))

# The lines between the parts.
LINES = {
    "as all write it": form(B, file_part()),
    "blanks behind the boundaries": form(B, file_part(), padding=b"  "),
    "a tab behind the boundaries": form(B, field(), file_part(), padding=b"\t"),
    "blanks behind the last": form(B, file_part(), end=b"  \r\n"),
    "blanks behind the last, no line end": form(B, file_part(), end=b" "),
    "no final line end": form(B, file_part(), end=b""),
    "a final line feed": form(B, file_part(), end=b"\n"),
    "two final line ends": form(B, file_part(), end=b"\r\n\r\n"),
    "an epilogue": form(B, file_part(), end=b"\r\nThis is an epilogue."),
    "an epilogue on the last line": form(B, file_part(), end=b"epilogue"),
    "a preamble": b"This is a preamble.\r\n" + form(B, file_part()),
    "a preamble of blank lines": b"\r\n \r\n" + form(B, file_part()),
    "a preamble of line feeds": b"\n\n" + form(B, file_part()),
    "a preamble without a line end": b"preamble" + form(B, file_part()),
    "a first line end": b"\r\n" + form(B, file_part()),
    "line feeds only": form(B, file_part(), eol=b"\n"),
    "line feeds only, fields around": form(B, field(), file_part(), field(b"more"), eol=b"\n"),
    "line feeds only, blanks behind": form(B, field(), file_part(), eol=b"\n", padding=b" "),
    "line feeds only, no final one": form(B, file_part(), eol=b"\n", end=b""),
    "line feeds only, content of CRLF lines": form(B, file_part(content=b"a\r\nb\r\n"), eol=b"\n"),
    "line feeds only, content ends with CR": form(B, file_part(content=b"a\r"), eol=b"\n"),
    "carriage returns only": form(B, file_part(), eol=b"\r"),
    "line feeds before the boundaries only": form(B, file_part()).replace(b"\r\n--" + B, b"\n--" + B),
    "line feeds behind the boundaries only": form(B, file_part()).replace(B + b"\r\n", B + b"\n"),
    "line feeds behind the headers only": form(B, file_part()).replace(b"octet-stream\r\n\r\n", b"octet-stream\n\n"),
    "line feeds between the headers only": form(B, file_part()).replace(b'"\r\n', b'"\n'),
    "the last boundary is not the last": form(B, file_part(), close=b""),
    "nothing behind the last boundary": form(B, file_part(), close=b"", end=b""),
    "one hyphen at the end": form(B, file_part(), close=b"-"),
    "three hyphens at the end": form(B, file_part(), close=b"---"),
    "cut in the content": form(B, file_part())[:-50],
    "cut in the headers": form(B, file_part())[:60],
    "empty body": b"",
    "only the end": form(B),
    "only a first boundary": b"--" + B,
    "boundary of another": form(b"OTHER", file_part()),
    "boundary in another case": form(B.lower(), file_part()),
    "boundary without hyphens": form(B, file_part()).replace(b"--" + B, B),
    "one hyphen before the boundary": form(B, file_part()).replace(b"--" + B, b"-" + B),
    "a line that goes on behind a boundary": form(B, file_part(content=b"a\r\n--" + B + b"x\r\nb")),
    "a line that goes on behind the end": form(B, file_part(content=b"a\r\n--" + B + b"--x\r\nb")),
    "a line of a boundary and a hyphen": form(B, file_part(content=b"a\r\n--" + B + b"-\r\nb")),
    "a line of a boundary and a word": form(B, file_part(content=b"a\r\n--" + B + b" word\r\nb")),
    "a boundary in a line": form(B, file_part(content=b"a --" + B + b"\r\nb")),
    "a boundary behind a line feed": form(B, file_part(content=b"a\n--" + B + b"--\r\nb")),
    "a boundary behind a carriage return": form(B, file_part(content=b"a\r--" + B + b"--\r\nb")),
    "a boundary behind a blank": form(B, file_part(content=b"a\r\n --" + B + b"--\r\nb")),
    "no blank line before the boundary": form(B, file_part(content=b"")).replace(b"\r\n\r\n\r\n", b"\r\n\r\n"),
}
for named, body in LINES.items():
    add(f"lines: {named}", typed(B), body)

# What the content is.
CONTENTS = {
    "nothing": b"", "CRLF": b"\r\n", "LF": b"\n", "CR": b"\r", "two CRLF": b"\r\n\r\n", "CR CRLF": b"\r\r\n", "LF CR": b"\n\r",
    "one byte": b"a", "line and CR": b"a\r", "line and LF": b"a\n", "line and CRLF": b"a\r\n", "hyphens": b"--", "hyphens and CRLF": b"--\r\n",
    "every byte": bytes(range(256)), "CRLF and hyphens": b"\r\n--", "beginning of the boundary": b"\r\n--X-FORM-BOUNDARY-",
    "NULs": b"\0" * 100, "long line": b"x" * 70_000, "long lines": (b"y" * 5_000 + b"\r\n") * 2, "other line ends": b"a\x0bb\x0cc\x1cd\x85e",
    "UTF-16": "a\r\nb".encode("utf-16"), "form inside": form(b"inner", file_part(b'filename="inner.fa"', b"inner")),
    "many lines": b"".join(b"line %d\r\n" % i for i in range(500)),
}
for named, content in CONTENTS.items():
    add(f"content: {named}", typed(B), form(B, file_part(content=content)))

# Which parts there are.
OTHER = (disposition(b'form-data; name="log"; filename="run.log"'), b"log")
SECOND = file_part(b'filename="second.fa"', b"second")
BARE = ([], b"bare")
PARTS = {
    "field, file": [field(), file_part()],
    "file, field": [file_part(), field()],
    "two files": [file_part(), SECOND],
    "another file first": [OTHER, file_part()],
    "another file only": [OTHER],
    "fields only": [field(), field(b"more")],
    "a field named file": [field(b"file")],
    "a field named file, then the file": [field(b"file"), file_part()],
    "the file, then a field named file": [file_part(), field(b"file")],
    "a file without a name, then one with": [file_part(b'filename=""', b""), SECOND],
    "a browser's form without a choice": [field(), (disposition(b'form-data; name="file"; filename=""',
                                                                 b"Content-Type: application/octet-stream"), b"")],
    "many fields": [field(b"f%d" % i, b"") for i in range(200)] + [file_part()],
    "too many fields": [field(b"f%d" % i, b"") for i in range(300)] + [file_part()],
    "many behind": [file_part()] + [field(b"f%d" % i, b"") for i in range(200)],
    "no headers, then the file": [BARE, file_part()],
    "the file, then no headers": [file_part(), BARE],
    "a long field first": [field(b"long", b"v" * 70_000), file_part()],
    "30 KB behind": [file_part(), field(b"long", b"v" * 30_000)],
    "70 KB behind": [file_part(), field(b"long", b"v" * 70_000)],
    "nested": [(disposition(b'form-data; name="file"', b"Content-Type: multipart/mixed; boundary=inner"),
                form(b"inner", (disposition(b'file; filename="inner.fa"'), b"inner")))],
    "field in UTF-16": [(disposition(b'form-data; name="note"', b"Content-Type: text/plain; charset=utf-16"), b"a"), file_part()],
    "field in no charset": [(disposition(b'form-data; name="note"', b"Content-Type: text/plain; charset=none"), b"a"), file_part()],
    "field in base64 that is wrong": [(disposition(b'form-data; name="note"', b"Content-Transfer-Encoding: base64"), b"a"), file_part()],
    "_charset_": [field(b"_charset_", b"iso-8859-1"), file_part()],
}
for named, parts in PARTS.items():
    add(f"parts: {named}", typed(B), form(B, *parts))

# How the request names the boundary.
TYPES = {
    "quoted": b'multipart/form-data; boundary="%s"' % B,
    "no blank": b"multipart/form-data;boundary=%s" % B,
    "blank before the semicolon": b"multipart/form-data ; boundary=%s" % B,
    "blanks around the equals sign": b"multipart/form-data; boundary = %s" % B,
    "blank behind": b"multipart/form-data; boundary=%s ; charset=utf-8" % B,
    "charset first": b"multipart/form-data; charset=utf-8; boundary=%s" % B,
    "charset behind": b"multipart/form-data; boundary=%s; charset=utf-8" % B,
    "charset behind, no blank": b"multipart/form-data; boundary=%s;charset=UTF-8" % B,
    "semicolon behind": b"multipart/form-data; boundary=%s;" % B,
    "upper case type": b"Multipart/Form-Data; boundary=%s" % B,
    "upper case name": b"multipart/form-data; BOUNDARY=%s" % B,
    "twice": b"multipart/form-data; boundary=other; boundary=%s" % B,
    "twice, the other last": b"multipart/form-data; boundary=%s; boundary=other" % B,
    "missing": b"multipart/form-data",
    "empty": b"multipart/form-data; boundary=",
    "empty, quoted": b'multipart/form-data; boundary=""',
    "not ended": b'multipart/form-data; boundary="%s' % B,
    "mixed": b"multipart/mixed; boundary=%s" % B,
    "related": b"multipart/related; boundary=%s" % B,
    "urlencoded": b"application/x-www-form-urlencoded",
    "json": b"application/json",
    "none": b"",
    "comma": b"multipart/form-data, boundary=%s" % B,
}
for named, kind in TYPES.items():
    add(f"type: {named}", kind, form(B, file_part()))

BOUNDARIES = {
    "one letter": b"a", "seventy": b"b" * 70, "two hundred": b"c" * 200, "two hundred and two": b"d" * 202,
    "every punctuation": b"aA0'()+_,-./:=?", "hyphens only": b"----", "blank inside": b"a b", "like a number": b"0",
    "equals signs": b"==x==", "at and hash": b"a@b#c", "curly": b"{a}", "Latin-1": b"gr\xfcn", "UTF-8": "gr\u00fcn".encode(),
    "quote inside": b'a\\"b', "blank behind": b"a ",
}
for named, boundary in BOUNDARIES.items():
    add(f"boundary: {named}", b'multipart/form-data; boundary="%s"' % boundary, form(boundary.replace(b"\\", b""), file_part()))

# Every way to end a line with every boundary and every end of content.
ENDS = {"LF": b"\n", "CRLF": b"\r\n"}
for (eol_name, eol), padding, tail, end in itertools.product(
        ENDS.items(), (b"", b" "), (b"", b"\n", b"\r\n", b"-"), (None, b"", b" ")):
    add(f"all: {eol_name}, padding {padding!r}, content ends {tail!r}, form ends {end!r}", typed(B_CURL),
        form(B_CURL, field(), file_part(content=b"ACGT" + tail), eol=eol, padding=padding, end=end))

for name, (kind, body) in corpus.items():
    line = {"form": name, "type": kind.decode("latin-1"), "body": body.decode("latin-1"), **asked(kind, body)}
    print(json.dumps(line, ensure_ascii=True))
