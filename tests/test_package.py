"""Installed, or embedded, the library is found by pkg-config, CMake, Meson and Zephyr's module files: consumer.c is built from scratch."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from matrix.subsets import files

from codegen.embed import place

ROOT = Path(__file__).resolve().parent.parent
CONSUMER = ROOT / "tests" / "package" / "consumer.c"
SAYS = "FFA_ID_GET 0x84000069\n"


def run(*command: object, cwd: Path, **environment: str) -> str:
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=quiet | environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    run("make", "-s", "install", f"DESTDIR={root}", "PREFIX=/opt/ffabi", cwd=ROOT)
    return root


@pytest.fixture
def embedded(tmp_path: Path) -> Path:
    """What make embed writes (tests/test_embed.py holds the two together)."""
    assert place(files("CALLS=id_get"), tmp_path / "ffabi") == []
    return tmp_path / "ffabi"


def test_install_puts_everything_below_the_prefix(installed: Path) -> None:
    assert [path.name for path in installed.iterdir()] == ["opt"]
    prefix = installed / "opt" / "ffabi"
    there = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
    headers = {path.name for folder in ("runtime", "generated") for path in (ROOT / folder / "include" / "ffabi").glob("*.h")}
    assert {path.removeprefix("include/ffabi/") for path in there if path.startswith("include/")} == headers
    assert there - {f"include/ffabi/{name}" for name in headers} == {
        "bin/ffabi", "lib/libffabi.a", "lib/pkgconfig/ffabi.pc", "lib/cmake/ffabi/ffabiConfig.cmake", "lib/cmake/ffabi/ffabiConfigVersion.cmake",
        "share/doc/ffabi/LICENSE"}
    assert run(prefix / "bin" / "ffabi", "--version", cwd=prefix).startswith("ffabi 0.1.0")


def test_pkg_config(installed: Path, tmp_path: Path) -> None:
    found = run("pkg-config", "--cflags", "--libs", "ffabi", cwd=tmp_path, PKG_CONFIG_PATH=f"{installed}/opt/ffabi/lib/pkgconfig",
                PKG_CONFIG_SYSROOT_DIR=str(installed))
    run("cc", CONSUMER, *found.split(), "-o", tmp_path / "consumer", cwd=tmp_path)
    assert run(tmp_path / "consumer", cwd=tmp_path) == SAYS


def cmake(folder: Path, text: str, *options: str) -> str:
    (folder / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.13)\nproject(consumer C)\n{text}")
    run("cmake", "-S", folder, "-B", folder / "b", *options, cwd=folder)
    run("cmake", "--build", folder / "b", cwd=folder)
    return run(folder / "b" / "consumer", cwd=folder)


@pytest.mark.parametrize("version", ["", "0.1", "0.1.0"])
def test_cmake_find_package(version: str, installed: Path, tmp_path: Path) -> None:
    text = f"find_package(ffabi {version} REQUIRED)\nadd_executable(consumer {CONSUMER})\ntarget_link_libraries(consumer ffabi::ffabi)\n"
    assert cmake(tmp_path, text, f"-DCMAKE_PREFIX_PATH={installed}/opt/ffabi") == SAYS


@pytest.mark.parametrize("version", ["0.2", "1.0", "0.1.9"])
def test_cmake_refuses_other_versions(version: str, installed: Path, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.13)\nproject(consumer C)\nfind_package(ffabi {version} REQUIRED)\n")
    done = subprocess.run(["cmake", "-S", tmp_path, "-B", tmp_path / "b", f"-DCMAKE_PREFIX_PATH={installed}/opt/ffabi"], capture_output=True,
                          text=True, check=False)
    assert done.returncode != 0 and "ffabi" in done.stderr


def test_cmake_add_subdirectory(embedded: Path) -> None:
    text = f"add_subdirectory(ffabi)\nadd_executable(consumer {CONSUMER})\ntarget_link_libraries(consumer ffabi::ffabi)\n"
    assert cmake(embedded.parent, text) == SAYS


# What Zephyr's build gives a module's CMakeLists.txt, as far as ours asks for it.
ZEPHYR = """\
function(zephyr_library_named name)
  add_library(${name} STATIC "")
  set(ZEPHYR_CURRENT_LIBRARY ${name} PARENT_SCOPE)
endfunction()
function(zephyr_library_sources)
  target_sources(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGN})
endfunction()
function(zephyr_library_sources_ifdef feature)
  if(${feature})
    target_sources(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGN})
  endif()
endfunction()
function(zephyr_include_directories)
  include_directories(${ARGN})
  set_property(GLOBAL APPEND PROPERTY zephyr_includes ${CMAKE_CURRENT_SOURCE_DIR}/${ARGN})
endfunction()
"""


def test_zephyr_module(embedded: Path) -> None:
    """With stand-ins for Zephyr's own functions."""
    module = (embedded / "zephyr" / "module.yml").read_text()
    assert "name: ffabi\nbuild:\n  cmake: .\n" in module
    text = f"{ZEPHYR}add_subdirectory(ffabi)\nget_property(there GLOBAL PROPERTY zephyr_includes)\nadd_executable(consumer {CONSUMER})\n"
    text += "target_include_directories(consumer PRIVATE ${there})\ntarget_link_libraries(consumer ffabi)\n"
    assert cmake(embedded.parent, text) == SAYS


def test_meson_subproject(embedded: Path) -> None:
    project = embedded.parent / "project"
    (project / "subprojects").mkdir(parents=True)
    shutil.move(embedded, project / "subprojects" / "ffabi")
    shutil.copy(CONSUMER, project / "consumer.c")
    (project / "meson.build").write_text("project('consumer', 'c')\nffabi = subproject('ffabi').get_variable('ffabi_dep')\n"
                                         "executable('consumer', 'consumer.c', dependencies: ffabi)\n")
    run("meson", "setup", "b", cwd=project)
    run("meson", "compile", "-C", "b", cwd=project)
    assert run(project / "b" / "consumer", cwd=project) == SAYS
