#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""check-po.py SOURCE_ROOT BUILD_FOLDER

Checks that POTFILES.in names every file with words for people, and no other, and that each shipped
translation is complete, with the placeholders of the original."""

import os
import re
import subprocess
import sys

MARKS = re.compile(r"\b(?:_|N_|C_) ?\(\s*\"|\bd?n?gettext \(|\bngettext \(")
PLACEHOLDER = re.compile(r"%(?:\d+\$)?[-+ 0#]*\d*(?:\.\d+)?(?:l|ll|h|z)?[a-zA-Z%]|@\w+@")


def marked_files(root):
    for folder, _, names in os.walk(os.path.join(root, "src")):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith((".c", ".blp")) and MARKS.search(open(path, encoding="utf-8").read()):
                yield os.path.relpath(path, root)
    for name in os.listdir(os.path.join(root, "data")):
        if name.endswith(".in"):
            yield os.path.join("data", name)


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line and not line.startswith("#")]


def unquote(lines):
    return "".join(line[line.index('"') + 1 : -1] for line in lines)


def entries(text):
    """Yields (msgid, msgid_plural or None, [msgstr…]) of a PO file."""
    for block in text.split("\n\n"):
        fields = {}
        field = None
        for line in block.split("\n"):
            match = re.match(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) ", line)
            if match:
                field = match.group(1)
                fields[field] = []
            if field and '"' in line and not line.startswith("#"):
                fields[field].append(line)
        if "msgid" in fields:
            strings = [unquote(v) for k, v in sorted(fields.items()) if k.startswith("msgstr")]
            plural = unquote(fields["msgid_plural"]) if "msgid_plural" in fields else None
            yield unquote(fields["msgid"]), plural, strings


def placeholders(text):
    return sorted(p for p in PLACEHOLDER.findall(text) if p != "%%")


def main(root, build):
    problems = []
    po = os.path.join(root, "po")

    listed = set(read_lines(os.path.join(po, "POTFILES.in")))
    marked = set(marked_files(root))
    problems += [f"POTFILES.in lacks {path}" for path in sorted(marked - listed)]
    problems += [f"POTFILES.in names {path}, which has nothing to translate" for path in sorted(listed - marked)]

    template = os.path.join(build, "check.pot")
    subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2",
         "--keyword=ngettext:1,2", "--keyword=g_dngettext:2,3", "--keyword=g_dpgettext2:2c,3",
         f"--directory={root}", f"--output={template}",
         *[path for path in sorted(listed) if path.endswith((".c", ".blp"))]],
        check=True, stderr=subprocess.DEVNULL,
    )
    with open(template, encoding="utf-8") as file:
        originals = {(msgid, plural) for msgid, plural, _ in entries(file.read()) if msgid}

    for language in " ".join(read_lines(os.path.join(po, "LINGUAS"))).split():
        with open(os.path.join(po, language + ".po"), encoding="utf-8") as file:
            text = file.read()
        subprocess.run(["msgfmt", "-c", "-o", os.devnull, os.path.join(po, language + ".po")], check=True)
        translated = {}
        for msgid, plural, strings in entries(text):
            if msgid and all(strings):
                translated[msgid, plural] = strings
        problems += [f"{language} lacks “{msgid}”" for msgid, _ in sorted(originals - set(translated), key=str)]
        for (msgid, plural), strings in translated.items():
            wanted = placeholders(plural or msgid)
            # The strings of a date and of "%d%%" keep their own order and words.
            problems += [
                f"{language}: “{string}” has other placeholders than “{msgid}”"
                for string in strings
                if placeholders(string) != wanted and not msgid.startswith("%-d")
            ]
        if "#, fuzzy" in text:
            problems.append(f"{language} has fuzzy translations")

    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
