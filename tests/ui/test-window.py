#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""test-window.py SCENARIO PICTURES DRAG-SOURCE MILLPOND

Works the window on the sample account: saves and plays a video with the pointer alone or with the
keyboard alone, adds some by paste and by dragging them in from another program, and removes one."""

import os
import re
import subprocess
import sys
import tempfile

import driver

TITLE = "The mill wheel, slowly"


def descendant(node, name):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child.get_name() == name:
            return child
        found = descendant(child, name)
        if found is not None:
            return found
    return None


def is_sensitive(node):
    return node.get_state_set().contains(driver.Atspi.StateType.SENSITIVE)


def row_button(app, title, name):
    """The button of this name in the row of the list that has this title."""

    def probe():
        row = app.look(title, "list item")
        return row and descendant(row, name)

    return driver.wait_for(f"“{name}” of “{title}”", probe)


def leave_player(app):
    """A video plays when its controls are there and the window's own are not."""
    app.find("Pause", "button")
    app.gone("Places", "list")
    app.picture("player")
    app.key("Escape")
    app.find("Places", "list")


def pointer(app):
    app.click(row_button(app, TITLE, "Download"))
    app.find(re.compile("^1 video added"))
    app.click(app.find("Downloads", "list item"))
    app.find(re.compile("^(Stream is preparing|Downloading)"))
    app.picture("downloads")
    row_button(app, TITLE, "Play")

    app.click(app.find("All Videos", "list item"))
    app.click(app.find(TITLE, "table cell"))
    leave_player(app)
    app.picture("library")

    # Where it was left is remembered.
    app.click(app.find("Continue Watching", "list item"))
    app.find(TITLE, "table cell")


def remove(app):
    app.click(row_button(app, TITLE, "Download"))
    row_button(app, TITLE, "Saved: play")
    app.click(app.find("All Videos", "list item"))
    app.click(app.find(TITLE, "table cell"))
    leave_player(app)

    # The card has the focus again.
    app.key("Delete")
    app.gone(TITLE, "table cell")
    app.click(app.find("Undo", "button"))
    app.find(TITLE, "table cell")

    # What is not undone happens, also when the window is closed at once.
    app.click(app.find(TITLE, "table cell"))
    leave_player(app)
    app.key("Delete")
    app.gone(TITLE, "table cell")


def keyboard(app):
    app.find(TITLE, "list item")
    app.key("ctrl+f")
    app.find("Search this account", "entry")
    app.type("mill wheel")
    app.gone("Ripples at dusk", "list item")

    # From the entry to the list, its first row and that row's button.
    tab_to(app, "Download")
    app.key("space")
    app.find(re.compile("^1 video added"))
    row_button(app, TITLE, "Saved: play")
    tab_to(app, "Saved: play")
    app.key("space")
    leave_player(app)


def tab_to(app, name):
    for _ in range(30):
        focus = app.focus()
        if focus is not None and focus.get_name() == name:
            return
        app.key("Tab")
    raise driver.Failure(f"“{name}” is not reached with Tab")


def paste(app):
    app.find(TITLE, "list item")
    uid = "00000000000000000000000000000bad"

    # What is cut here is pasted into the window below, where no text has the focus.
    app.key("ctrl+n")
    app.find("Add Videos", "dialog")
    app.type(f"{uid} https://example.com/nothing")
    app.find(uid)
    app.key("ctrl+a", "ctrl+x")
    app.gone(uid)
    app.key("Escape")
    app.gone("Add Videos", "dialog")

    app.key("ctrl+v")
    app.find("Add Videos", "dialog")
    app.find("There is no such video on your account")
    app.find("Can’t be used")
    if is_sensitive(descendant(app.find("Add Videos", "dialog"), "Download")):
        raise driver.Failure("an ID that is not on the account can be downloaded")

    # What is asked for is shown with what it costs, before it costs anything.
    app.key("ctrl+End")
    app.type(" 1e85f0ab4c6d4d21b3970a5f8ce264d7 93d6b81f0e7a42c5a1f84d0c2b6e579a")
    app.find("Night over the pond")
    app.find("0:18 — Private")
    app.find("About 10 minutes, $0.01")
    app.picture("add")

    # One that Stream can't encode fails where downloads are shown.
    app.key("ctrl+a")
    app.type("b98e02f6417d4c3aae5b60c3f1d2a78e")
    app.click(app.find("Download 1 Video", "button"))
    app.find(re.compile("^1 video added"))
    app.click(app.find("Show", "button"))
    app.find(re.compile("Stream could not"))
    app.picture("failed")


def drop(app):
    mill, ripples = "c40e7d92a1b84f36958d2e6f7b01a35c", "6b1d0c3a9f2e47d8b5a4c7e210f3968d"
    page = "https://customer-f33zs165nr7gyfy4.cloudflarestream.com/{}/watch"

    app.find(TITLE, "list item")
    app.drop(drag_source, "text", f"Have a look at {mill} and nothing else.")
    app.find("Download 1 Video", "button")
    close_add(app)

    app.drop(drag_source, "links", "\r\n".join(page.format(uid) for uid in (mill, ripples)) + "\r\n")
    app.find("Download 2 Videos", "button")
    close_add(app)

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(f"wheel | {mill}\nfish: f7a2390e5d1c4b8c8e60d94b73a1c52f\n{ripples}\n")
        file.flush()
        app.drop(drag_source, "file", file.name)
        app.find("Download 3 Videos", "button")
    close_add(app)

    # A link as a browser offers it, of which the text says nothing; and a second one, onto the dialog.
    app.drop(drag_source, "html", f'<p>See <a href="{page.format(mill)}?a=1&amp;b=2">the wheel</a></p>')
    app.find("Download 1 Video", "button")
    app.drop(drag_source, "html", f'<iframe src="{page.format(ripples)}"></iframe>')
    button = app.find("Download 2 Videos", "button")
    app.picture("add")

    # Until now nothing has begun.
    if app.look(re.compile("added to downloads")):
        raise driver.Failure("a drop has begun a download")
    app.click(button)
    app.find("2 videos added to downloads")
    app.click(app.find("Show", "button"))
    row_button(app, TITLE, "Play")
    row_button(app, "Ripples at dusk", "Play")


def posters(app):
    folder = os.path.join(os.environ["XDG_CACHE_HOME"], "millpond", "posters")
    private = "93d6b81f0e7a42c5a1f84d0c2b6e579a.jpg"

    def fetched():
        return os.listdir(folder) if os.path.isdir(folder) else []

    app.find("Fireflies (family only)", "list item")
    app.resize(480, 360)
    driver.wait_for("the poster of a private video", lambda: private in fetched())
    app.picture("posters")

    # What is below is not fetched before it is scrolled to.
    before = len(fetched())
    tab_to(app, "Clouds over the hills")
    app.key("End")
    driver.wait_for("posters further down", lambda: len(fetched()) > before)


def large(app):
    """With text of twice the size GTK complains when a page is wider than the narrowest window."""
    app.find(TITLE, "list item")
    # Five pixels on each side are a border that GTK draws without a compositor.
    app.resize(370, 650)
    app.find("More", "toggle button")
    app.picture("stream")
    app.key("ctrl+n")
    app.find("Add Videos", "dialog")
    app.type("c40e7d92a1b84f36958d2e6f7b01a35c")
    app.find("Download 1 Video", "button")
    app.picture("add")
    app.key("ctrl+Return")
    app.click(app.find("Show", "button"))
    row_button(app, TITLE, "Play")
    app.picture("downloads")
    app.key("ctrl+comma")
    app.find("Downloads at Once")
    app.picture("preferences")
    app.key("Escape")
    app.gone("Downloads at Once")


def close_add(app):
    app.key("Escape")
    app.gone("Add Videos", "dialog")


if __name__ == "__main__":
    scenario, pictures, drag_source, *command = sys.argv[1:]
    scenarios = {function.__name__: function for function in (pointer, keyboard, paste, drop, posters, remove, large)}
    if scenario == "large":
        subprocess.run(["xrdb", "-merge"], input="Xft.dpi: 192\n", text=True, check=True)
    driver.run(scenarios[scenario], *command, pictures=pictures)
