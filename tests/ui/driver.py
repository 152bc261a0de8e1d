# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts Millpond and works it as a person does: what is on the screen is read through AT-SPI, and
everything else goes through the X server's pointer and keyboard. To be run under tests/session.sh."""

import os
import re
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

TIMEOUT = 20
POLL = 0.05
# Without a compositor GTK draws a border of its own into the window, which AT-SPI's extents count
# more than once.
OFFSET = 15


class Failure(Exception):
    pass


def wait_for(what, probe, timeout=TIMEOUT):
    """Returns what probe() does as soon as that is true. Fails, saying what was waited for."""
    end = time.monotonic() + timeout
    while True:
        try:
            found = probe()
        except GLib.Error:  # a widget that went while it was looked at
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise Failure(f"waited {timeout} s for {what}")
        time.sleep(POLL)


def xdotool(*args):
    return subprocess.run(["xdotool", *map(str, args)], check=True, capture_output=True, text=True).stdout


def find_window(pid):
    """The newest window of a process, or None."""
    try:
        return xdotool("search", "--onlyvisible", "--pid", pid).split()[-1]
    except (subprocess.CalledProcessError, IndexError):
        return None


def centre(window):
    lines = xdotool("getwindowgeometry", "--shell", window).split()
    box = {key: int(value) for key, _, value in (line.partition("=") for line in lines)}
    return box["X"] + box["WIDTH"] // 2, box["Y"] + box["HEIGHT"] // 2


class App:
    def __init__(self, *args, pictures=None, log=None):
        env = dict(os.environ, GTK_A11Y="atspi", G_DEBUG="fatal-warnings")
        self.pictures = pictures
        self.process = subprocess.Popen([*args], env=env, stderr=log)
        self.root = wait_for("the program's tree", self._find_root)
        self.window = wait_for("the window", lambda: find_window(self.process.pid))

    def _find_root(self):
        if self.process.poll() is not None:
            raise Failure(f"the program ended with status {self.process.returncode}")
        desktop = Atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return child
        return None

    def nodes(self):
        """Everything that is shown, from the top."""
        self.root.clear_cache()
        stack = [self.root]
        while stack:
            node = stack.pop()
            states = node.get_state_set()
            if node is not self.root and not states.contains(Atspi.StateType.SHOWING):
                continue
            yield node
            children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
            stack.extend(child for child in reversed(children) if child is not None)

    def look(self, name, role=None):
        """The first widget with this name (a string, or a pattern) and role, or None."""
        for node in self.nodes():
            text = node.get_name() or ""
            fits = name.search(text) if isinstance(name, re.Pattern) else name == text
            if fits and (role is None or node.get_role_name() == role):
                return node
        return None

    def focus(self):
        """The widget that has the keyboard."""
        for node in self.nodes():
            if node.get_state_set().contains(Atspi.StateType.FOCUSED):
                return node
        return None

    def find(self, name, role=None, timeout=TIMEOUT):
        return wait_for(f"“{name}” ({role})", lambda: self.look(name, role), timeout)

    def gone(self, name, role=None, timeout=TIMEOUT):
        wait_for(f"“{name}” ({role}) to go", lambda: self.look(name, role) is None, timeout)

    def click(self, node, button=1):
        """Clicks the middle of a widget, once it stays where it is."""
        last = None

        def rest():
            nonlocal last
            box = node.get_extents(Atspi.CoordType.WINDOW)
            now = (box.x, box.y, box.width, box.height)
            still = now == last and box.width > 0
            last = now
            return still

        wait_for("a widget to rest", rest)
        x, y, width, height = last
        xdotool(
            "mousemove", "--sync", "--window", self.window,
            x + width // 2 + OFFSET, y + height // 2 + OFFSET, "click", button,
        )

    def key(self, *keys):
        for key in keys:
            xdotool("key", "--window", "0", key)

    def type(self, text):
        xdotool("type", "--delay", "5", text)

    def drop(self, *source):
        """Drags what another program (drag-source and its arguments) offers onto the window."""
        process = subprocess.Popen(source)
        try:
            window = wait_for("the window to drag from", lambda: find_window(process.pid))
            # Side by side; neither has anything of the other one below it.
            xdotool("windowmove", "--sync", self.window, 0, 0)
            xdotool("windowmove", window, 1040, 620)
            wait_for("the windows to stand", lambda: centre(window)[0] > 1040)
            (x, y), (to_x, to_y) = centre(window), centre(self.window)
            xdotool("mousemove", "--sync", x, y, "mousedown", 1)
            xdotool("mousemove_relative", "--sync", "--", 12, 12)
            for step in range(1, 13):
                xdotool("mousemove", "--sync", x + (to_x - x) * step // 12, y + (to_y - y) * step // 12)
                time.sleep(0.03)
            time.sleep(0.3)
            self.picture("drag")
            xdotool("mouseup", 1)
            if process.wait(TIMEOUT) != 0:
                raise Failure(f"what was dragged was not taken: {source[1:]}")
        except subprocess.TimeoutExpired:
            raise Failure(f"a drop does not end: {source[1:]}") from None
        finally:
            process.kill()
            process.wait()

    def resize(self, width, height):
        xdotool("windowsize", "--sync", self.window, width, height)

    def picture(self, name):
        if self.pictures:
            os.makedirs(self.pictures, exist_ok=True)
            path = os.path.join(self.pictures, name + ".png")
            subprocess.run(["import", "-window", self.window, path], check=True, timeout=TIMEOUT)

    def dump(self, file=sys.stderr):
        for node in self.nodes():
            print(f"{node.get_role_name()}: {node.get_name()!r}", file=file)

    def close(self):
        """Closes the window; the program must end by itself and be content."""
        self.key("ctrl+w")
        try:
            status = self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            raise Failure("the program does not end when its window is closed") from None
        if status != 0:
            raise Failure(f"the program ended with status {status}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def run(scenario, *args, pictures=None):
    """Runs scenario(app) on the program started with these arguments."""
    app = App(*args, pictures=pictures)
    try:
        scenario(app)
        app.close()
    except Failure as failure:
        app.dump()
        app.picture("failure")
        sys.exit(f"{scenario.__name__}: {failure}")
    finally:
        app.kill()
