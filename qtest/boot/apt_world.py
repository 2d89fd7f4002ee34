# SPDX-License-Identifier: GPL-2.0-or-later
"""A private world of apt: lists of mirrors and a state directory of its own, so that nothing of the machine's changes."""

import shutil


def options(place, lists, arch=None):
    """apt's options for a world below place.

    lists: name -> text of the files of sources.list.d; arch: its architecture, the machine's by default.
    """
    parts = place / 'lists.d'
    shutil.rmtree(parts, ignore_errors=True)
    for path in (parts, place / 'state/lists/partial', place / 'cache/archives/partial'):
        path.mkdir(parents=True, exist_ok=True)
    (place / 'status').touch()
    for name, text in lists.items():
        (parts / name).write_text(text)
    values = {
        'APT::Sandbox::User': 'root', 'Dir::Etc::SourceList': '/dev/null', 'Dir::Etc::SourceParts': parts,
        'Dir::State': place / 'state', 'Dir::State::Status': place / 'status', 'Dir::Cache': place / 'cache',
        'Acquire::Languages': 'none', 'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    }
    if arch:
        values.update({'APT::Architecture': arch, 'APT::Architectures': arch})
    return [word for key, value in values.items() for word in ('-o', f'{key}={value}')]
