"""Names, folders, atomic files, cache and progress, on a real disk."""

import json
import os
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.errors import StorageError
from profai_cli.lesson.place import Place
from profai_cli.storage.cache import DiskCache
from profai_cli.storage.files import write_all, write_atomically
from profai_cli.storage.folders import cache_folder, data_folder
from profai_cli.storage.names import safe_name
from profai_cli.storage.progress import Progress

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
    with pytest.raises(StorageError, match=r"^Cannot write .*; make room there\.$"):
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


# --- progress --------------------------------------------------------------------------------------


def test_a_place_comes_back_in_another_class(tmp_path):
    assert Progress(tmp_path, "Anna").load("python") is None
    Progress(tmp_path, "Anna").save("python", Place(1, 2, 3, 4))
    Progress(tmp_path, "Anna").save("rust", Place(5, 0, 0, 0))
    again = Progress(tmp_path, "Anna")
    assert again.load("python") == Place(1, 2, 3, 4)
    assert again.warning is None
    assert Progress(tmp_path, "anna").load("python") is None


def test_ids_from_outside_stay_inside_the_folder(tmp_path):
    folder = tmp_path / "data"
    for learner in ("../../x", "CON", "a/b", "अनु", "\udcff"):
        for course in ("../../../y", "c:\\z", "nul", ""):
            Progress(folder, learner).save(course, Place(1, 1))
            assert Progress(folder, learner).load(course) == Place(1, 1)
    assert [p.name for p in tmp_path.iterdir()] == ["data"]
    assert len(list(folder.rglob("*.json"))) == 20


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"version": 2, "place": [0, 0, 0, 0]}',
        b'{"version": 1, "place": [0, 0, 0]}',
        b'{"version": 1, "place": [0, 0, 0, -1]}',
        b'{"version": 1, "place": [0, 0, 0, true]}',
        b'{"version": 1, "place": "0000"}',
    ],
)
def test_a_damaged_file_is_set_aside(tmp_path, data):
    progress = Progress(tmp_path, "anna")
    progress.save("python", Place(1, 1))
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(data)
    assert progress.load("python") is None
    assert progress.warning is not None
    assert progress.warning.startswith("The saved progress was damaged")
    assert path.with_name("python.json.damaged").read_bytes() == data
    assert progress.load("python") is None
    assert progress.warning is None


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "progress" / "anna" / "python.json").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"^Cannot read the progress in .*\.$"):
        Progress(tmp_path, "anna").load("python")


def test_a_full_or_closed_disk_is_one_sentence(tmp_path):
    (tmp_path / "progress").write_text("in the way")
    with pytest.raises(StorageError, match=r"^Cannot write .*\.$"):
        Progress(tmp_path, "anna").save("python", Place(0, 0))


def test_two_classes_at_once_never_show_half_a_file(tmp_path):
    places = [Place(n, n, n, n) for n in range(40)]
    Progress(tmp_path, "anna").save("python", places[0])

    def teach():
        for place in places:
            Progress(tmp_path, "anna").save("python", place)

    classes = [threading.Thread(target=teach) for _ in range(2)]
    for each in classes:
        each.start()
    reader = Progress(tmp_path, "anna")
    while any(each.is_alive() for each in classes):
        assert reader.load("python") in places
        assert reader.warning is None
    assert [p.name for p in (tmp_path / "progress" / "anna").iterdir()] == ["python.json"]


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path):
    code = (
        "import sys; from pathlib import Path; from profai_cli.lesson.place import Place\n"
        "from profai_cli.storage.progress import Progress\n"
        "progress = Progress(Path(sys.argv[1]), 'anna')\n"
        "n = 0\n"
        "while True:\n"
        "    n += 1; progress.save('python', Place(n, 0)); print(n, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True) as writer:
        for _ in range(20):
            said = int(writer.stdout.readline())
        writer.kill()
        said = max([said, *(int(line) for line in writer.stdout if line.endswith("\n"))])
    progress = Progress(tmp_path, "anna")
    assert progress.load("python") in (Place(said, 0), Place(said + 1, 0))
    assert progress.warning is None
    (path,) = tmp_path.rglob("python.json")
    assert json.loads(path.read_text())["learner"] == "anna"
