"""The examples of README.md and of the manual, as a reader would type them.

usage: readme.py PROGRAM README.md PAGE...      (as the command of data/demo/run)

A block of the README with "$ " lines is a transcript: its commands are run where "mailready" asks the
demo's name server, and what they print must be what the block shows; "..." stands for any lines, and
"cat FILE" also writes FILE.  All other lines with mailready commands, and those of the manual, are for
the Internet or for a reader's own files: their commands must be there and take those options.
Prints "ok" and "not ok" lines for tests/run.
"""
import os
import re
import subprocess
import sys
import tempfile

# what the demo adds to each command, and remedies repeat
WORLD = re.compile(r" --(resolver 127\.0\.0\.1#\d+|authority-port \d+|allow-special)\b")
COMMAND = re.compile(r"(?:^|[\s|'(])((?:check_)?mailready(?: .*)?)$")


def verdict(name, why=""):
    print(f"not ok {name}: {why}" if why else f"ok {name}", flush=True)


def blocks(text):
    return re.findall(r"^```\n(.*?)^```$", text, re.M | re.S)


def steps(block):
    """The commands of a transcript, each with the lines that it shows."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def pattern(output):
    lines = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n"
             for line in output.rstrip("\n").split("\n")]
    return "".join(lines) + r"\s*"


def run_transcript(block, directory):
    for command, output in steps(block):
        if command.startswith("cat "):
            with open(os.path.join(directory, command[4:]), "w", encoding="utf-8") as f:
                f.write(output)
        done = subprocess.run(["sh", "-c", command], cwd=directory, capture_output=True, text=True,
                              timeout=60, check=False)
        got = WORLD.sub("", done.stdout)
        same = re.fullmatch(pattern(output), got) and done.stderr == ""
        verdict(f"README: {command}", "" if same else f"it prints |{got}{done.stderr}|".replace("\n", "|"))


def commands(text):
    """Command lines that name the program, with continued lines joined and comments gone."""
    text = re.sub(r" *(\\|\|)\n *", lambda m: " | " if m[1] == "|" else " ", text)
    for line in text.split("\n"):
        line = re.sub(r"(^| +)#.*", "", line.removeprefix("$ ")).strip()
        for part in re.split(r" \|\|? |; ", line):
            found = COMMAND.search(part)
            if found and not re.search(r"[=:]$", found[1]):
                command = found[1].strip()
                # the end of sh -c '...', but not that of a word in quotes
                yield command.strip("'") if command.count("'") % 2 else command


def check_command(program, where, command):
    """--help comes after all other options are read, and stops what they ask for."""
    words = re.sub(r"( \d?>+ ?\S+| < ?\S+| :::.*)", "", command).replace("{}", "1")
    words = re.sub(r"\$[A-Za-z_]\w*", "1", words).replace("JOURNAL", "journal")
    name, _, rest = words.partition(" ")
    directory = os.path.dirname(program)
    if name == "check_mailready":
        rest = "--format=nagios " + rest
    done = subprocess.run(["sh", "-c", f"{directory}/mailready {rest} --help"], capture_output=True,
                          text=True, timeout=60, check=False)
    good = done.returncode == 0 and done.stdout.startswith("usage: mailready ")
    verdict(f"{where}: {command}", "" if good else (done.stderr or done.stdout).strip())


def page_text(path):
    """Its command lines, without what is for roff."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = text.replace(r"\e" + "\n", "\\\n").replace(r"\-", "-").replace(r"\(dq", '"')
    text = re.sub(r"^\.Dl ", "", text, flags=re.M)
    return re.sub(r"^(?!\$ |    --|\s+--).*\n", "", text, flags=re.M)


def main():
    program, readme, pages = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    with open(readme, encoding="utf-8") as f:
        text = f.read()
    with tempfile.TemporaryDirectory() as directory:
        for block in blocks(text):
            if block.startswith("$ "):
                run_transcript(block, directory)
            else:
                for command in commands(block):
                    check_command(program, "README", command)
    for page in pages:
        for command in commands(page_text(page)):
            check_command(program, os.path.basename(page), command)


main()
