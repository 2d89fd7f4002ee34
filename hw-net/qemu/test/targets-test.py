#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One plug-in for all QEMUs of a package: the list that ./configure makes, and what the launcher makes of it.

Usage: targets-test.py LAUNCHER PLUGIN SETUP-DIRECTORY

Made-up programs stand for QEMUs: they have the symbols and the stamp that count, and say their arguments.
The real ones, all that the list of the build has, are asked for our devices.
"""

import os
import pathlib
import shutil
import subprocess
import sys

from trees import REFUSED, Tree, build_id, compile_text, run_in_directory, run_tests, script

LAUNCHER, PLUGIN, SETUP = map(os.path.abspath, sys.argv[1:])
LIST = pathlib.Path(PLUGIN).with_name("vchassis.targets")
PROGRAM = """
#include <stdio.h>
const char stamp[] = "%(stamp)s";
const char *kept = stamp;
%(symbols)s
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		puts(argv[i]);
	return kept != stamp;
}
"""
STAMP = "qemu_stamp_0123456789abcdef"
MODULES = "void register_module_init(void) {}"
PCI = MODULES + "\nvoid pci_register_bar(void) {}"


def fake_qemu(path, symbols=PCI, stamp=STAMP, flags=("-rdynamic",)):
    compile_text(PROGRAM % {"symbols": symbols, "stamp": stamp}, path, *flags)
    return path


def shell(code, **variables):
    """Run functions of the set-up; returns what they print."""
    words = "".join(f"{name}='{value}'\n" for name, value in variables.items())
    files = "".join(f". '{SETUP}/{name}.sh'\n" for name in ("lib", "targets"))
    done = subprocess.run(["sh", "-euc", words + files + code], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip()


def rows_of(name):
    """What the set-up writes for a QEMU that is called by this name: target -> the other fields."""
    program = shell(f"program_of '{name}'")
    text = shell("target_rows", qemu=program, qemu_name=name)
    return {line.split("\t")[0]: line.split("\t")[1:] for line in text.splitlines()}


def two_targets(directory):
    """A tree with the targets one and two, which say which they are by what they print besides."""
    rows = []
    for name in ("one", "two"):
        path = os.path.join(directory, f"qemu-system-{name}")
        compile_text(f'#include <stdio.h>\nint main(int argc, char **argv) {{ puts("{name}"); '
                     'for (int i = 1; i < argc; i++) puts(argv[i]); return 0; }', path)
        rows.append((name, "fits", build_id(path), path, path))
    return Tree(LAUNCHER, directory, rows)


# ---- the list ----

def test_the_list_says_why_a_program_is_not_served(directory):
    for name, kwargs in (("a", {}), ("b", {"symbols": MODULES}), ("c", {"flags": ()}), ("d", {"stamp": STAMP + "0"}),
                         ("e", {"flags": ("-rdynamic", "-Wl,--build-id=none")})):
        fake_qemu(f"{directory}/qemu-system-{name}", **kwargs)
    rows = rows_of(f"{directory}/qemu-system-a")
    states = {name: fields[0] for name, fields in rows.items()}
    assert states == {"a": "fits", "b": "no-pci", "c": "no-symbols", "d": "other-build", "e": "no-build-id"}, states
    assert rows["a"][1] == build_id(f"{directory}/qemu-system-a"), rows


def test_the_first_of_the_list_is_the_qemu_that_was_asked_for(directory):
    for name in "abc":
        fake_qemu(f"{directory}/qemu-system-{name}")
    assert list(rows_of(f"{directory}/qemu-system-b")) == ["b", "a", "c"]


def test_a_script_is_followed_to_its_program(directory):
    """Debian's qemu-system-i386 names a program of Xen's, too, which need not be there."""
    os.mkdir(f"{directory}/libexec")
    program = fake_qemu(f"{directory}/libexec/qemu-system-i386")
    name = script(f"{directory}/qemu-system-i386", f"#!/bin/sh\nxenredir={directory}/libexec/xen-qemu-system-i386\n"
                  f"exe={program}\nexec \"$exe\" \"$@\"\n")
    assert rows_of(name)["i386"] == ["fits", build_id(program), program, name]


def test_a_link_is_a_target_of_its_own(directory):
    program = fake_qemu(f"{directory}/qemu-system-a")
    os.symlink("qemu-system-a", f"{directory}/qemu-system-b")
    assert rows_of(program)["b"][2:] == [program, f"{directory}/qemu-system-b"]


def test_a_script_without_its_program_is_left_out(directory):
    program = fake_qemu(f"{directory}/qemu-system-a")
    script(f"{directory}/qemu-system-b", "#!/bin/sh\nexec /nowhere/qemu-system-b\n")
    assert list(rows_of(program)) == ["a"]


# ---- the launcher ----

def test_the_first_target_runs_without_more_words(directory):
    assert two_targets(directory).says("-m", "1G") == ["one", "-m", "1G"]


def test_a_target_is_chosen_by_an_option(directory):
    tree = two_targets(directory)
    assert tree.says("--target=two", "-m", "1G") == ["two", "-m", "1G"]
    assert tree.says("-x", "--target=two") == ["one", "-x", "--target=two"], "only the first argument is ours"


def test_a_target_is_chosen_by_the_name_of_the_launcher(directory):
    tree = two_targets(directory)
    for name in ("qemu-vchassis-two", "/usr/bin/qemu-vchassis-two", "qemu-vchassis-system-two"):
        assert tree.says(name=name) == ["two"], name
    assert tree.says(name="/usr/bin/kvm") == ["one"]
    assert tree.says("--target=one", name="qemu-vchassis-two") == ["one"]


def test_an_unknown_target_is_told_what_there_is(directory):
    tree = two_targets(directory)
    tree.refuses("--target=three", words=["qemu-system-three", "one two", "make"])
    tree.refuses(name="qemu-vchassis-", words=["qemu-system-", "one two"])


def test_a_program_of_any_target_is_known_by_its_build_id(directory):
    tree = two_targets(directory)
    copy = shutil.copy(f"{directory}/qemu-system-two", f"{directory}/copy")
    assert tree.says(f"--qemu={copy}") == ["two"]
    assert tree.says(VCHASSIS_QEMU=copy) == ["two"]


def test_a_script_of_the_list_may_be_named(directory):
    tree = two_targets(directory)
    name = script(f"{directory}/wrapper", "#!/bin/sh\n")
    with open(f"{directory}/vchassis.targets", "a", encoding="utf-8") as file:
        file.write(f"three\tfits\t{build_id(directory + '/qemu-system-two')}\t{directory}/qemu-system-two\t{name}\n")
    assert tree.says(f"--qemu={name}") == ["two"]
    assert tree.says("--target=three") == ["two"]
    tree.refuses(f"--qemu={script(directory + '/other', '#!/bin/sh')}", words=["other", "script"])


def test_an_updated_target_is_refused(directory):
    tree = two_targets(directory)
    fake_qemu(f"{directory}/qemu-system-two")
    tree.refuses("--target=two", words=["qemu-system-two", "not the QEMU this was built for", "make"])
    assert tree.says() == ["one"], "the others go on"


def test_a_target_that_is_gone_is_said(directory):
    tree = two_targets(directory)
    os.unlink(f"{directory}/qemu-system-two")
    tree.refuses("--target=two", words=["qemu-system-two", "No such file"])


def test_targets_without_a_plugin_are_refused_in_words(directory):
    two_targets(directory)
    words = {"no-pci": "no PCI bus", "no-symbols": "exports no symbols", "other-build": "another build",
             "no-build-id": "no build-id"}
    for state, word in words.items():
        path = f"{directory}/qemu-system-one"
        known = "" if state == "no-build-id" else build_id(path)
        program = fake_qemu(f"{directory}/bare", flags=("-Wl,--build-id=none",)) if not known else path
        tree = Tree(LAUNCHER, directory, [("one", state, known, program, program)])
        tree.refuses(words=[program, word])
        tree.refuses(f"--qemu={program}", words=[program, word])
        assert word in tree.run("--targets").stdout, state


def test_the_list_is_shown_as_it_is_now(directory):
    tree = two_targets(directory)
    shown = tree.run("--targets")
    assert shown.returncode == 0 and shown.stdout.count(": fits") == 2, shown
    assert build_id(f"{directory}/qemu-system-two") in shown.stdout
    fake_qemu(f"{directory}/qemu-system-two")
    assert "has changed since this was built" in tree.run("--targets").stdout
    os.unlink(f"{directory}/qemu-system-two")
    assert "No such file" in tree.run("--targets").stdout


def test_a_damaged_list_is_refused_by_line(directory):
    tree = two_targets(directory)
    path = pathlib.Path(directory, "vchassis.targets")
    good = path.read_text()
    for damaged in (good + "\n", good + "a\tfits\tb\tc\n", good + "a\tfits\tb\tc\td\te\n"):
        path.write_text(damaged)
        tree.refuses(words=[str(path), "line 3"])
    path.write_text("")
    tree.refuses(words=[str(path), "empty"])
    path.unlink()
    tree.refuses(words=[str(path), "No such file"])


# ---- all that is installed ----

def devices(target):
    """Our devices as this target lists them. Every symbol the plug-in needs is looked up at once."""
    done = subprocess.run([LAUNCHER, f"--target={target}", "-machine", "none", "-device", "help"],
                          env={**os.environ, "LD_BIND_NOW": "1"}, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith('name "vc-')]


def real_targets():
    for line in LIST.read_text().splitlines():
        fields = line.split("\t")
        yield fields[0], fields[1], fields[4]


def check_real(target, state, name, reference):
    if state != "fits":
        done = subprocess.run([LAUNCHER, f"--target={target}"], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == REFUSED and name in done.stderr, done
        return
    found = devices(target)
    assert len(found) >= 7 and found == reference, f"{found} instead of {reference}"


def main():
    tests = [(name, lambda test=test: run_in_directory(test)) for name, test in globals().items()
             if name.startswith("test_")]
    rows = list(real_targets())
    reference = devices(rows[0][0])
    for target, state, name in rows:
        does = "lists all our devices" if state == "fits" else f"is refused ({state})"
        tests.append((f"{name}, target {target}, {does}",
                      lambda row=(target, state, name): check_real(*row, reference)))
    return run_tests(tests)


sys.exit(main())
