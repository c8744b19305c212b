"""Names, folders, atomic files, and the cache, on a real disk."""

import errno
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.errors import StorageError
from profai_cli.storage.cache import DiskCache
from profai_cli.storage.files import exists, way_out, write_all, write_atomically
from profai_cli.storage.folders import cache_folder, data_folder
from profai_cli.storage.names import safe_name

# --- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("plain", ["1", "python-basics", "anna_2", "model.lm", "a" * 64])
def test_plain_ids_keep_their_name(plain):
    assert safe_name(plain) == plain


@pytest.mark.parametrize(
    "odd",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "con",
        "NUL.txt",
        "com1.x",
        ".x",
        "x.",
        "x ",
        "Anna",
        "é",
        "\ud800",
        "a" * 65,
    ],
)
def test_odd_ids_get_a_name_of_their_own(odd):
    assert "~" in safe_name(odd)
    assert len(safe_name(odd)) <= 64


@given(st.text(max_size=80), st.text(max_size=80))
def test_names_are_safe_on_every_file_system_and_never_shared(one, other):
    name = safe_name(one)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-~")
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert len(name) <= 64
    same = unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)
    assert (name == safe_name(other)) == same


def test_the_unicode_form_of_a_name_does_not_matter():
    assert safe_name("Ren\u00e9") == safe_name("Rene\u0301")


# --- folders ---------------------------------------------------------------------------------------


def test_the_variables_choose_the_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("PROFAI_DATA", str(tmp_path / "data" / "deep"))
    monkeypatch.setenv("PROFAI_CACHE", str(tmp_path / "cache"))
    assert data_folder() == tmp_path / "data" / "deep"
    assert cache_folder() == tmp_path / "cache"
    assert data_folder().is_dir()
    assert list(data_folder().iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PROFAI_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(StorageError, match=r"^Cannot write in .*; set PROFAI_DATA to another folder\.$"):
        data_folder()


def test_without_variables_the_systems_folders_are_used(tmp_path):
    """In a process of its own, whose home is empty."""
    unset = {"PROFAI_DATA", "PROFAI_CACHE", "XDG_DATA_HOME", "XDG_CACHE_HOME"}
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    code = "from profai_cli.storage.folders import *; print(data_folder()); print(cache_folder())"
    environment = {k: v for k, v in os.environ.items() if k not in unset} | home
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    data, cache = run.stdout.split("\n")[:2]
    assert data != cache
    assert Path(data).is_dir()
    assert "profai" in data
    assert "profai" in cache


# --- files -----------------------------------------------------------------------------------------


def test_all_is_written_though_the_system_takes_a_little_at_a_time():
    taken = bytearray()

    class Slow:
        def write(self, data):
            taken.extend(data[:3])
            return len(data[:3])

    write_all(Slow(), b"ten bytes!")
    assert taken == b"ten bytes!"


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"^Cannot write .*; make (room there|that folder writable)\.$"):
        write_atomically(tmp_path / "folder", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]


# --- cache -----------------------------------------------------------------------------------------


def test_the_cache_gives_back_what_was_stored(tmp_path):
    cache = DiskCache(tmp_path / "cache")
    assert cache.load("course/../1") is None
    path = cache.store("course/../1", b"model")
    assert cache.load("course/../1") == path
    assert Path(path).read_bytes() == b"model"
    assert Path(path).parent == tmp_path / "cache"
    assert cache.store("course/../1", b"newer") == path
    assert Path(path).read_bytes() == b"newer"


def test_where_writing_is_not_allowed_it_helps_nobody_to_make_room():
    for error in (PermissionError(errno.EACCES, "no"), OSError(errno.EROFS, "no")):
        assert way_out(error) == "make that folder writable"
    assert way_out(OSError(errno.ENOSPC, "full")) == "make room there"


def test_a_name_that_the_system_refuses_is_not_there(tmp_path):
    assert not exists(str(tmp_path / ("x" * 5_000)))
    assert exists(str(tmp_path))
