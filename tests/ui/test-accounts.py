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

    def __init__(self, millpond, server, pictures, keyring):
        self.processes = []
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
        os.makedirs(services)
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
        return subprocess.run(["secret-tool", "lookup", "account", account], capture_output=True, text=True,
                              check=False).stdout

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

    def end(self):
        self.app.kill()
        for process in self.processes:
            process.kill()
            process.wait()


def fill(app, row, text):
    node = app.find(row, "entry")
    app.click(node)
    app.key("ctrl+a")
    app.type(text)


def open_dialog(app):
    app.click(app.find(re.compile("^Connect an Account"), "button"))
    app.find("Connect an Account", "dialog")


def open_accounts(app):
    app.key("F10")
    app.click(app.find(re.compile("^Accounts…"), "menu item"))
    app.find("Accounts", "dialog")


def keyring(scene):
    app, about = scene.app, scene.about
    account = about["account_id"]

    # A token that nobody knows, and where to go with it.
    open_dialog(app)
    fill(app, "Account ID or dashboard address", f"dash.cloudflare.com/{account}/stream/videos")
    fill(app, "API token", UNKNOWN)
    app.key("Return")
    app.find("The token is active: Failed")
    app.find(re.compile("My Profile → API Tokens"))
    app.find("The account can be reached: Not checked")
    scene.assert_hidden(UNKNOWN)
    app.picture("refused")

    # One that may only read is kept, and what it can't do is said.
    fill(app, "API token", about["read_token"])
    app.key("Return")
    app.find("Account Connected", "dialog")
    app.find("Videos can be listed: Passed")
    app.find("Downloads can be enabled: Failed")
    app.find("The token stays valid: Passed")
    scene.assert_hidden(about["read_token"])
    if scene.look_up(account) != about["read_token"]:
        raise driver.Failure("the keyring does not have the token")
    app.picture("read-only")
    app.key("Return")
    app.gone("Account Connected", "dialog")
    app.find("The mill wheel, slowly", "list item")

    # It gets another one, another name, and goes.
    open_accounts(app)
    app.click(app.find("The mill"))
    app.picture("accounts")
    app.click(app.find("Replace the Token…"))
    app.find("Replace the Token", "dialog")
    fill(app, "API token", about["token"])
    app.key("Return")
    app.find("Token Replaced", "dialog")
    app.find("Downloads can be enabled: Passed")
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
    scene = Scene(millpond, server, pictures, keyring=name == "keyring")
    try:
        {"keyring": keyring, "session": session}[name](scene)
        scene.app.close()
    except driver.Failure as failure:
        scene.app.dump()
        scene.app.picture("failure")
        sys.exit(f"{name}: {failure}")
    finally:
        scene.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
