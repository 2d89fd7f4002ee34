#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""vchassis-import: three made-up hosts, compared with what is kept of them, and damaged inputs.

Usage: import-test.py IMPORT VSWITCHCTL [--write]

A folder has the inputs of a host; what they become is in its "made.txt". With --write it is written anew: look at the
difference. Speaks TAP.
"""

import difflib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

from damaged import DAMAGED

HERE = pathlib.Path(__file__).resolve().parent
HOSTS = {
    'story': ['esx1.txt', 'web1.vmx', 'db1.vmx', '--uplink', 'vmnic0=eth0', '--uplink', 'vmnic1=eth1'],
    'teams': ['zaehler7.vmx', 'safe.vmx', 'esx2.txt', '-u', 'vmnic1=eth1'],
    'snapshot': ['esx3.txt', 'portgroups.json', 'old-000002.vmx', '--uplink', 'Uplink 1=eth2'],
}
program, ctl = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
write = '--write' in sys.argv
cases = []


def case(function):
    cases.append(function)
    return function


def run(*argv, cwd=None):
    return subprocess.run([program, *argv], cwd=cwd, capture_output=True, text=True, check=False)


def folder(path):
    """What is in a folder, as one text; the place of the inputs does not count."""
    return ''.join(f'==== {p.name} ====\n{p.read_text()}' for p in sorted(path.iterdir())).replace(str(HERE), '/HERE')


def expect(what, why):
    if not what:
        raise AssertionError(why)


def imported(name, where):
    out = pathlib.Path(where, 'new')
    done = run(*HOSTS[name], '--output', str(out), cwd=HERE / name)
    expect(done.returncode == 0, done.stderr)
    return out, done.stdout


def one_host(name):
    def host_becomes_what_is_kept():
        with tempfile.TemporaryDirectory() as where:
            out, said = imported(name, where)
            now, kept = folder(out), HERE / name / 'made.txt'
            expect(said == (out / 'report.txt').read_text(), 'the report that is printed is not the one that is written')
            if write:
                kept.write_text(now)
            expect(now == kept.read_text(), ''.join(difflib.unified_diff(
                kept.read_text().splitlines(True), now.splitlines(True), 'kept', 'now')))
    host_becomes_what_is_kept.__doc__ = f'host {name} becomes what is kept of it'
    return host_becomes_what_is_kept


def sound(name):
    def what_is_written_is_sound():
        with tempfile.TemporaryDirectory() as where:
            out, _ = imported(name, where)
            check = subprocess.run([ctl, 'config', 'check', str(out / 'vswitchd.json')], capture_output=True, text=True,
                                   check=False)
            expect(check.returncode == 0, check.stderr)
            for path in out.glob('*.xml'):
                expect(xml.etree.ElementTree.parse(path).getroot().tag == 'domain', path)
            for path in out.glob('*.sh'):
                expect(path.stat().st_mode & 0o100, f'{path.name} may not be executed')
                subprocess.run(['sh', '-n', path], check=True)
    what_is_written_is_sound.__doc__ = f'host {name}: vswitchctl config check, XML and shell take it'
    return what_is_written_is_sound


def damaged(file, text, line, words):
    def is_refused():
        with tempfile.TemporaryDirectory() as where:
            path = pathlib.Path(where, file)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            done = run(file, '--output', 'new', cwd=where)
            expect(done.returncode == 65, f'status {done.returncode}')
            expect(done.stdout == '', done.stdout)
            begin = f'vchassis-import: {file}:{line}: '
            expect(done.stderr.startswith(begin) and done.stderr.count('\n') == 1, done.stderr)
            expect(words in done.stderr, done.stderr)
            expect([p.name for p in pathlib.Path(where).iterdir()] == [file], 'something was written')
    is_refused.__doc__ = f'{file} is refused in one line, at line {line}'
    return is_refused


for host in HOSTS:
    case(one_host(host))
    case(sound(host))
for entry in DAMAGED:
    case(damaged(*entry))


@case
def formats_of_esxcli_say_the_same():
    """the same answer as text, JSON and CSV gives the same document"""
    head = '# esxcli network vswitch standard '
    texts = [
        f'{head}list\nvSwitch0\n   Name: vSwitch0\n   MTU: 1500\n   Uplinks: vmnic0, vmnic1\n'
        f'{head}portgroup list\nName  Virtual Switch  Active Clients  VLAN ID\n'
        '----  --------------  --------------  -------\nW\u00e9b   vSwitch0                     1       10\n',
        f'{head}list\n[{{"Name": "vSwitch0", "MTU": 1500, "Uplinks": ["vmnic0", "vmnic1"]}}]\n'
        f'{head}portgroup list\n[{{"Name": "W\u00e9b", "VirtualSwitch": "vSwitch0", "VLANID": 10}}]\n',
        f'{head}list\nMTU,Name,Uplinks,\n1500,vSwitch0,"vmnic0,vmnic1,",\n'
        f'{head}portgroup list\nActiveClients,Name,VLANID,VirtualSwitch,\n1,W\u00e9b,10,vSwitch0,\n',
        '# esxcfg-vswitch -l\n'
        'Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n'
        'vSwitch0         2560        2           128               1500    vmnic0,vmnic1\n\n'
        '  PortGroup Name        VLAN ID  Used Ports  Uplinks\n'
        '  W\u00e9b                   10       1           vmnic0,vmnic1\n',
    ]
    made = set()
    with tempfile.TemporaryDirectory() as where:
        for i, text in enumerate(texts):
            pathlib.Path(where, 'x.txt').write_text(text)
            done = run('x.txt', '-o', f'{i}', '-u', 'vmnic0=a', '-u', 'vmnic1=b', cwd=where)
            expect(done.returncode == 0, done.stderr)
            made.add(pathlib.Path(where, f'{i}', 'vswitchd.json').read_text())
    expect(len(made) == 1, made)


@case
def an_answer_may_be_alone():
    """lists need no command before them"""
    with tempfile.TemporaryDirectory() as where:
        pathlib.Path(where, 'a.txt').write_text('vSwitch0\n   Name: vSwitch0\n')
        pathlib.Path(where, 'b.txt').write_text('ActiveClients,Name,VLANID,VirtualSwitch,\n1,Web,10,vSwitch0,\n')
        done = run('a.txt', 'b.txt', cwd=where)
        expect(done.returncode == 0, done.stderr)


@case
def a_machine_may_be_alone():
    """a machine without its host is on a port group that is blocked"""
    with tempfile.TemporaryDirectory() as where:
        pathlib.Path(where, 'a.vmx').write_text('displayName = "a"\nethernet0.present = "TRUE"\n'
                                                'ethernet0.virtualDev = "vmxnet3"\nethernet0.networkName = "Web"\n')
        done = run('a.vmx', '-o', 'new', cwd=where)
        expect(done.returncode == 0, done.stderr)
        expect('a.vmx:4: no input describes port group' in done.stdout, done.stdout)
        document = json.loads(pathlib.Path(where, 'new/vswitchd.json').read_text())
        expect(document['switches']['vSwitch0']['portgroups']['Web']['blocked'], document)


@case
def nothing_is_written_over():
    """a folder that is there is left alone"""
    with tempfile.TemporaryDirectory() as where:
        pathlib.Path(where, 'new').mkdir()
        done = run(*HOSTS['story'], '--output', f'{where}/new', cwd=HERE / 'story')
        expect(done.returncode == 73 and 'is there already' in done.stderr, done)
        expect(not list(pathlib.Path(where, 'new').iterdir()), 'something was written')


@case
def without_output_only_the_report_is_printed():
    """without --output nothing is written"""
    done = run(*HOSTS['story'], cwd=HERE / 'story')
    expect(done.returncode == 0 and done.stdout.startswith('Not carried over:\n'), done)


@case
def two_machines_of_one_name():
    """two machines of one name are refused"""
    with tempfile.TemporaryDirectory() as where:
        for name in 'a.vmx', 'b.vmx':
            pathlib.Path(where, name).write_text('# one\ndisplayName = "one"\n')
        done = run('a.vmx', 'b.vmx', cwd=where)
        expect(done.returncode == 65 and done.stderr == "vchassis-import: b.vmx:2: a.vmx has the name 'one', too\n", done)


@case
def the_script_prints_an_input():
    """what --script prints runs in a shell, and asks for each object that there is"""
    fake = r'''
esxcli() {
	case "$*" in
	*'--formatter=csv'*) printf 'Name,\nVM Network,\n' ;;
	*'portgroup list') printf '%s\n' 'Name        Virtual Switch  VLAN ID' '----------  --------------  -------' \
		'VM Network  vSwitch0              0' ;;
	*'standard list') printf 'vSwitch0\n   Name: vSwitch0\n   Uplinks: vmnic0\n' ;;
	*'security get'*) printf '   Allow %s: false\n' Promiscuous 'MAC Address Change' 'Forged Transmits' ;;
	*'shaping get'*) printf '   Enabled: false\n' ;;
	*'failover get'*) printf '   %s\n' 'Load Balancing: srcport' 'Network Failure Detection: link' \
		'Notify Switches: true' 'Failback: true' 'Active Adapters: vmnic0' ;;
	esac
}
esxcfg_vswitch() {
	printf '%s\n' 'Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks' \
		'vSwitch0         2560        2           128               1500    vmnic0'
}
'''
    script = run('--script').stdout
    with tempfile.TemporaryDirectory() as where:
        # a shell takes no function of that name
        text = fake + script.replace('say esxcfg-vswitch -l', 'echo "# esxcfg-vswitch -l"; esxcfg_vswitch')
        said = subprocess.run(['sh', '-c', text], capture_output=True, text=True, check=True).stdout
        expect(said.count(' get -p ') == 3 and said.count(' get -v ') == 3, said)
        pathlib.Path(where, 'x.txt').write_text(said)
        done = run('x.txt', '-u', 'vmnic0=a', cwd=where)
        expect(done.returncode == 0, done.stderr)


@case
def domains_have_libvirts_shape():
    """domains are valid by libvirt's own schema"""
    if not shutil.which('virt-xml-validate'):
        raise unittest.SkipTest('no virt-xml-validate here (package libvirt-clients)')
    for name in HOSTS:
        with tempfile.TemporaryDirectory() as where:
            for path in imported(name, where)[0].glob('*.xml'):
                done = subprocess.run(['virt-xml-validate', path, 'domain'], capture_output=True, text=True, check=False)
                expect(done.returncode == 0, done.stderr)


@case
def options():
    """--version, --help, and a wrong option"""
    expect(re.fullmatch(r'vchassis-import \d+\.\d+\.\d+\n', run('--version').stdout), '--version')
    expect('--uplink VMNIC=IFNAME' in run('--help').stdout, '--help')
    expect(run('--no-such').returncode == 64 and run().returncode == 64, 'status')
    expect(run('--uplink', 'vmnic0', 'x').returncode == 64, '--uplink')


def main():
    print(f'1..{len(cases)}')
    failed = 0
    for number, function in enumerate(cases, 1):
        why, skip = None, ''
        try:
            function()
        except unittest.SkipTest as e:
            skip = f' # SKIP {e}'
        except (AssertionError, OSError, subprocess.CalledProcessError) as e:
            why = str(e)
        failed += why is not None
        print(f'{"ok" if why is None else "not ok"} {number} - {function.__doc__}{skip}')
        for line in (why or '').splitlines():
            print(f'# {line}')
    return failed > 0


sys.exit(main())
