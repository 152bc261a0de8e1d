#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""test-window.py SCENARIO PICTURES MILLPOND

Works the window on the sample account: saves and plays a video with the pointer alone or with the
keyboard alone, adds one by paste, and removes one."""

import re
import sys

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
    app.find(uid)
    app.find("Can’t be used")
    app.picture("add")
    app.click(app.find("Download 1 Video", "button"))
    app.find(re.compile("^1 video added"))
    app.click(app.find("Show", "button"))
    app.find(re.compile("There is no such video"))
    app.picture("failed")


if __name__ == "__main__":
    scenario, pictures, *command = sys.argv[1:]
    scenarios = {function.__name__: function for function in (pointer, keyboard, paste, remove)}
    driver.run(scenarios[scenario], *command, pictures=pictures)
