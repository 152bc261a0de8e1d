#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later

"""test-accounts.py SCENARIO PICTURES MILLPOND SERVER

Connects accounts in the window, with a real keyring or without one, gives them another token and
another name, and removes them. The token must be nowhere but in the keyring."""

import json
import os
import re
import subprocess
import sys

import driver

UNKNOWN = "cfut_" + "0" * 40


class Scene:
    """The program on a sample server, with or without a keyring on the bus."""

    def __init__(self):
        self.processes = []
        self.app = None

    def start(self, millpond, server, pictures, keyring):
        self.server = subprocess.Popen([server, "--samples", os.environ["SAMPLES"]], stdout=subprocess.PIPE)
        self.processes.append(self.server)
        self.about = json.loads(self.server.stdout.readline())
        os.environ["MILLPOND_API_BASE"] = self.about["api_base"]
        os.environ["MILLPOND_LIBRARY"] = os.path.join(os.environ["HOME"], "library")
        os.environ["G_MESSAGES_DEBUG"] = "all"
        self.start_keyring() if keyring else self.hide_keyring()

        self.log_path = os.path.join(os.environ["HOME"], "log")
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.app = driver.App(millpond, pictures=pictures, log=log)

    def start_keyring(self):
        # All of standard input is the password, a line end too.
        daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.processes.append(daemon)
        daemon.stdin.write(b"password")
        daemon.stdin.close()
        driver.wait_for("the keyring", lambda: self.ask_bus("NameHasOwner", "org.freedesktop.secrets") == "(true,)\n")

    def hide_keyring(self):
        services = os.path.join(os.environ["XDG_RUNTIME_DIR"], "dbus-1", "services")
        os.makedirs(services, exist_ok=True)
        with open(os.path.join(services, "org.freedesktop.secrets.service"), "w", encoding="utf-8") as file:
            file.write("[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/false\n")
        self.ask_bus("ReloadConfig")

    @staticmethod
    def ask_bus(method, *arguments):
        return subprocess.run(
            ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path",
             "/org/freedesktop/DBus", "--method", "org.freedesktop.DBus." + method, *arguments],
            check=True, capture_output=True, text=True,
        ).stdout

    @staticmethod
    def look_up(account):
        """The token that the keyring has."""
        env = {name: value for name, value in os.environ.items() if name != "G_MESSAGES_DEBUG"}
        return subprocess.run(["secret-tool", "lookup", "account", account], capture_output=True, text=True,
                              check=False, env=env).stdout

    def assert_hidden(self, *tokens):
        """No widget says a token, nor does any file but the keyring's."""
        for node in self.app.nodes():
            texts = [node.get_name() or "", node.get_description() or ""]
            text = node.get_text_iface()
            if text is not None:
                texts.append(driver.Atspi.Text.get_text(text, 0, -1))
            for token in tokens:
                if any(token in said for said in texts):
                    raise driver.Failure(f"{node.get_role_name()} {texts} says the token")
        for folder, _, names in os.walk(os.path.dirname(os.environ["HOME"])):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        content = file.read()
                    if any(token.encode() in content for token in tokens):
                        raise driver.Failure(f"{path} has the token")

    def complain(self):
        with open(self.log_path, encoding="utf-8") as log:
            sys.stderr.writelines(line for line in log if "-DEBUG" not in line)
        if self.app.process.poll() is None:
            self.app.dump()
            self.app.picture("failure")

    def end(self):
        if self.app is not None:
            self.app.kill()
        for process in self.processes:
            process.kill()
            process.wait()


def fill(app, row, text):
    node = app.find(row, "text")
    app.click(node)
    app.key("ctrl+a")
    app.type(text)


def descendants(node):
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        yield child
        yield from descendants(child)


def find_step(app, title, word):
    """Waits until a step of the check has come to this."""

    def probe():
        row = app.look(re.compile("^" + title), "list item")
        return row and any(node.get_name() == word for node in descendants(row))

    driver.wait_for(f"“{title}: {word}”", probe)


def open_dialog(app):
    app.click(app.find(re.compile("^Connect an Account"), "button"))
    app.find("Connect an Account", "dialog")


def third_menu_item(app):
    """GTK gives the items of a menu no names."""
    items = [node for node in app.nodes() if node.get_role_name() == "menu item"]

    return items[2] if len(items) > 2 else None


def open_accounts(app):
    app.click(app.find("Main Menu", "toggle button"))
    app.click(driver.wait_for("the menu", lambda: third_menu_item(app)))
    app.find("Accounts", "dialog")


def keyring(scene):
    app, about = scene.app, scene.about
    account = about["account_id"]

    # A token that nobody knows, and where to go with it.
    open_dialog(app)
    fill(app, "Account ID or dashboard address", f"dash.cloudflare.com/{account}/stream/videos")
    fill(app, "API token", UNKNOWN)
    app.key("Return")
    find_step(app, "The token is active", "Failed")
    app.find(re.compile("My Profile → API Tokens"))
    find_step(app, "The account can be reached", "Not checked")
    scene.assert_hidden(UNKNOWN)
    app.picture("refused")

    # One that may only read is kept, and what it can't do is said.
    fill(app, "API token", about["read_token"])
    app.key("Return")
    app.find("Account Connected", "dialog")
    find_step(app, "Videos can be listed", "Passed")
    find_step(app, "Downloads can be enabled", "Failed")
    find_step(app, "The token stays valid", "Passed")
    scene.assert_hidden(about["read_token"])
    if scene.look_up(account) != about["read_token"]:
        raise driver.Failure(f"the keyring has {scene.look_up(account)!r}")
    app.picture("read-only")
    app.key("Return")
    app.gone("Account Connected", "dialog")
    app.find("The mill wheel, slowly", "list item")

    # It gets another one, another name, and goes.
    open_accounts(app)
    app.click(app.find(re.compile("Its token is in the keyring$")))
    app.picture("accounts")
    app.click(app.find("Replace the Token…"))
    app.find("Replace the Token", "dialog")
    fill(app, "API token", about["token"])
    app.key("Return")
    app.find("Token Replaced", "dialog")
    find_step(app, "Downloads can be enabled", "Passed")
    scene.assert_hidden(about["token"])
    if scene.look_up(account) != about["token"]:
        raise driver.Failure("the keyring has the token of before")
    app.picture("replaced")
    app.key("Return")
    app.gone("Token Replaced", "dialog")

    fill(app, "Name", "Home movies")
    app.key("Return")
    driver.wait_for("the name", lambda: "name=Home movies" in read_accounts())

    app.click(app.find("Remove the Account…"))
    app.find(re.compile("^Remove “Home movies”"))
    app.picture("remove")
    app.click(app.find("Remove", "button"))
    app.find("No account is connected")
    driver.wait_for("the keyring", lambda: scene.look_up(account) == "")
    if account in read_accounts():
        raise driver.Failure("the list still has the account")
    app.key("Escape")
    app.gone("Accounts", "dialog")


def session(scene):
    app, about = scene.app, scene.about

    open_dialog(app)
    fill(app, "Account ID or dashboard address", about["account_id"])
    fill(app, "API token", about["token"])
    app.key("Return")
    app.find("Account Connected", "dialog")
    app.find(re.compile("^Connected for this session only: there is no keyring"))
    scene.assert_hidden(about["token"])
    app.picture("session")
    app.key("Return")
    app.find("The mill wheel, slowly", "list item")

    open_accounts(app)
    app.find(re.compile("For this session only"))
    app.key("Escape")
    app.gone("Accounts", "dialog")


def read_accounts():
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "millpond", "accounts.ini")
    with open(path, encoding="utf-8") as file:
        return file.read()


def main(name, pictures, millpond, server):
    scene = Scene()
    try:
        scene.start(millpond, server, pictures, keyring=name == "keyring")
        {"keyring": keyring, "session": session}[name](scene)
        scene.app.close()
    except driver.Failure as failure:
        scene.complain()
        sys.exit(f"{name}: {failure}")
    finally:
        scene.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
