#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""make-pictures.py MILLPOND FOLDER

Makes the pictures of README.md and the metainfo from the running program on its sample account. To be
run under tests/session.sh, with the environment of the window tests: `ninja pictures` does it."""

import os
import re
import subprocess
import sys
import time

import driver

# What GTK draws around a window without a compositor, in pixels.
BORDER = 5
RADIUS = 16
SETTLE = 1.5

SAVED = ("The mill wheel, slowly", "Ripples at dusk", "Koi, seen from the footbridge", "A paper boat’s way",
         "Fireflies (family only)", "Rain on the roof – just to listen")


def picture(app, folder, name):
    """The window as it looks on a desktop: with round corners and a shadow."""
    time.sleep(SETTLE)  # animations
    raw = os.path.join(folder, name + ".raw.png")
    subprocess.run(["import", "-window", app.window, raw], check=True, timeout=driver.TIMEOUT)
    size = subprocess.run(["identify", "-format", "%w %h", raw], check=True, capture_output=True, text=True)
    right, bottom = (int(side) - 2 * BORDER - 1 for side in size.stdout.split())
    subprocess.run(
        [
            "convert", raw, "-shave", f"{BORDER}x{BORDER}", "+repage", "-alpha", "set",
            "(", "+clone", "-alpha", "transparent", "-fill", "white", "-draw",
            f"roundrectangle 0,0 {right},{bottom} {RADIUS},{RADIUS}", ")",
            "-compose", "DstIn", "-composite",
            "(", "+clone", "-background", "black", "-shadow", "40x10+0+4", ")",
            "+swap", "-background", "none", "-compose", "Over", "-layers", "merge", "+repage",
            "-strip", os.path.join(folder, name + ".png"),
        ],
        check=True,
    )
    os.unlink(raw)


def button(app, title, name):
    def probe():
        row = app.look(title, "list item")
        stack = [row] if row else []
        while stack:
            node = stack.pop()
            if node.get_name() == name:
                return node
            stack.extend(node.get_child_at_index(i) for i in range(node.get_child_count()))
        return None

    return driver.wait_for(f"“{name}” of “{title}”", probe, 60)


def main(millpond, folder):
    os.makedirs(folder, exist_ok=True)
    app = driver.App(millpond, "--demo")
    try:
        app.find(SAVED[0], "list item")
        app.resize(950, 640)
        for title in SAVED:
            app.click(button(app, title, "Download"))
        for title in SAVED:
            button(app, title, "Saved: play")
        app.click(button(app, "Night over the pond", "Download"))
        app.click(button(app, "Clouds over the hills", "Download"))
        app.click(app.find("Downloads", "list item"))
        app.gone("Show", "button")  # of the toast
        app.find(re.compile("^Stream is preparing"))
        picture(app, folder, "downloads")

        app.click(app.find("All Videos", "list item"))
        app.click(app.find(SAVED[0], "table cell"))
        app.find("Pause", "button")
        time.sleep(4)
        app.key("space")
        app.find("Play", "button")
        picture(app, folder, "player")
        app.key("Escape")
        app.find("Places", "list")
        app.click(app.find("All Videos", "list item"))
        picture(app, folder, "library")
    finally:
        app.kill()

    os.environ["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
    app = driver.App(millpond, "--demo")
    try:
        app.find(SAVED[0], "list item")
        app.resize(370, 650)
        picture(app, folder, "narrow-dark")
    finally:
        app.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
