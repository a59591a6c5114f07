"""Excel's older container (OLE, MS-CFB): an .xls, or a workbook with a password, whatever it is called."""

from __future__ import annotations

import struct

import pytest
from tests.intake.clerking import Post

SECTOR = 512
END, FREE = 0xFFFFFFFE, 0xFFFFFFFF


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    """One entry of the directory (MS-CFB 2.6.1)."""
    written = name.encode("utf-16-le")
    head = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
    return (head + struct.pack("<III", FREE, FREE, FREE) + bytes(36) + struct.pack("<IQ", start, size)).ljust(
        128, b"\0"
    )


def ole(parts: dict[str, bytes], before: int) -> bytes:
    """A container of these parts; the directory stands behind `before` sectors of other parts."""
    data = b"".join(body.ljust(-(-len(body) // SECTOR) * SECTOR, b"\0") for body in parts.values())
    filler = b"\x5a" * (before * SECTOR)
    entries = [_entry("Root Entry", 5, END, 0)]
    at = before + 1 + -(-(len(parts) + 1) // 4)
    for name, body in parts.items():
        entries.append(_entry(name, 2, at, len(body)))
        at += -(-len(body) // SECTOR)
    directory = b"".join(entries)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, before, 0, 4096, END, 0, END, 0, before,
    )  # fmt: skip
    return header.ljust(SECTOR, b"\xff") + filler + directory + data


XLS = ole({"Workbook": b"\x09\x08\x10\0\0\x06\x05\0" + "姓名".encode("utf-16-le") * 3000}, 0)
LOCKED = {"EncryptionInfo": b"\x04\0\x04\0@\0\0\0<encryption/>", "EncryptedPackage": bytes(range(256)) * 1600}


@pytest.mark.parametrize("name", ["体温.xlsx", "体温.xls", "体温.csv"])
@pytest.mark.parametrize("before", [0, 300])
def test_a_workbook_with_a_password_is_refused_with_what_to_do(post: Post, name: str, before: int) -> None:
    told = post.take(name, ole(LOCKED, before))
    assert told["verdict"] == "refused"
    assert told["why"] == "this workbook is protected by a password: save it without one"
    assert post.check(name, ole(LOCKED, before))["why"] == told["why"]


@pytest.mark.parametrize("name", ["体温.xls", "体温.xlsx", "体温.csv"])
def test_an_xls_is_refused_with_what_to_do(post: Post, name: str) -> None:
    told = post.take(name, XLS)
    assert (told["verdict"], told["why"]) == (
        "refused", "this is an Excel workbook (.xls): save it as .xlsx or CSV",
    )  # fmt: skip
