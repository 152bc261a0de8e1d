# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts, without a keyring and with a real one on a session bus of the test's own."""

import os
import pty
import select
import signal
import subprocess
import time

import harness
from harness import KOI, RIPPLES


class Accounts(harness.Case):

    def add(self, server, *arguments, token=None, **how):
        return self.run_it('account', 'add', f'--id={server.account}', *arguments,
                           text=(token or server.token) + '\n', **how)

    def start_bus(self):
        config = os.path.join(harness.SOURCE, 'tests', 'accounts', 'bus.conf')
        bus = subprocess.Popen(['dbus-daemon', '--nofork', '--print-address', '--config-file', config],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment)
        self.addCleanup(bus.stdout.close)
        self.addCleanup(bus.wait)
        self.addCleanup(bus.kill)
        self.environment['DBUS_SESSION_BUS_ADDRESS'] = bus.stdout.readline().decode().strip()


class WithoutKeyring(Accounts):

    def check(self):
        server = self.serve(connect=False)
        started = time.monotonic()
        result = self.add(server)

        self.assertLess(time.monotonic() - started, 15)
        self.assertEqual(result.status, 3, result)
        self.assertIn('CLOUDFLARE_API_TOKEN', result.err, 'it says what to do')
        self.assertNotIn(server.token, result.out + result.err)
        self.assertEqual(self.rows('account', 'list'), [])
        for path, content in self.everything():
            self.assertNotIn(server.token.encode(), content, path)

    def test_no_bus(self):
        self.check()

    def test_no_keyring_on_bus(self):
        self.start_bus()
        self.check()

    def test_environment(self):
        """The environment's account works, and is never stored."""
        server = self.serve()
        account, = self.rows('account', 'list')

        self.assertEqual(account['account'], server.account)
        self.assertEqual(account['origin'], 'environment')
        self.assertEqual(set(account), {'account', 'name', 'origin'})
        del self.environment['CLOUDFLARE_API_TOKEN'], self.environment['CLOUDFLARE_ACCOUNT_ID']
        self.assertEqual(self.rows('account', 'list'), [])
        self.assertEqual(self.run_it('download', KOI).status, 3)

    def test_half_an_environment(self):
        for name in 'CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_ACCOUNT_ID':
            with self.subTest(name):
                self.serve()
                del self.environment[name]
                result = self.run_it('download', KOI)
                self.assertEqual(result.status, 3, result)
                self.assertTrue(result.err)

    def test_remove_unknown(self):
        self.serve(connect=False)
        result = self.run_it('account', 'remove', 'ab' * 16)

        self.assertEqual(result.status, 3, result)
        self.assertIn('ab' * 16, result.err)


class WithKeyring(Accounts):

    def setUp(self):
        super().setUp()
        self.start_bus()
        self.keyring = subprocess.Popen(['gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets'],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL,
                                        env={name: value for name, value in self.environment.items()
                                             if name != 'G_DEBUG'})
        self.addCleanup(self.keyring.wait)
        self.addCleanup(self.keyring.kill)
        # All of it is the password, a line end too.
        self.keyring.stdin.write(b'password')
        self.keyring.stdin.close()
        harness.until(lambda: subprocess.run(
            ['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus',
             '--object-path', '/org/freedesktop/DBus', '--method', 'org.freedesktop.DBus.GetNameOwner',
             'org.freedesktop.secrets'], env=self.environment, check=False, capture_output=True).returncode == 0)

    def test_whole_life(self):
        server = self.serve(connect=False)
        result = self.add(server, '--name=Home movies')
        self.assertEqual(result.status, 0, result)
        self.assertIn('Home movies', result.out)
        self.assertNotIn(server.token, result.out + result.err)

        account, = self.rows('account', 'list')
        self.assertEqual(account, {'account': server.account, 'name': 'Home movies', 'origin': 'keyring'})
        self.assert_saved(self.download(KOI), KOI)
        self.assertEqual(len(self.rows('browse')), len(harness.VIDEOS))
        for path, content in self.everything():
            self.assertNotIn(server.token.encode(), content, path)

        result = self.run_it('account', 'remove', server.account)
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.rows('account', 'list'), [])
        self.assertEqual(self.run_it('download', RIPPLES).status, 3)
        self.assertEqual([row['video'] for row in self.rows('list')], [KOI], 'what was saved stays')

    def test_typed_token_is_not_shown(self):
        server = self.serve(connect=False)
        master, slave = pty.openpty()
        process = subprocess.Popen([harness.MILLPOND, 'account', 'add', f'--id={server.account}'], stdin=slave,
                                   stdout=slave, stderr=slave, env=self.environment)
        os.close(slave)
        shown = b''
        while b'API token: ' not in shown:
            shown += os.read(master, 1024)
        os.write(master, server.token.encode() + b'\n')
        while process.poll() is None or select.select([master], [], [], 0)[0]:
            try:
                shown += os.read(master, 1024)
            except OSError:  # the last one has closed it
                break
        os.close(master)

        self.assertEqual(process.wait(harness.PATIENCE), 0, shown)
        self.assertIn(b'Connected', shown)
        self.assertNotIn(server.token.encode(), shown)

    def test_steps(self):
        """What was found is said as it is found, for a person, and nowhere else."""
        server = self.serve(connect=False)
        result = self.add(server, '--name=Home movies')
        titles = [line for line in result.err.splitlines() if line.startswith(('Yes:', 'No:', 'Unknown:'))]

        self.assertEqual(titles, ['Yes: The token is well-formed', 'Yes: The token is active',
                                  'Yes: The account can be reached', 'Yes: Videos can be listed',
                                  'Yes: Downloads can be enabled', 'Yes: The token stays valid'], result)
        self.assertEqual(result.out, 'Connected “Home movies”\n')

    def test_read_only_token(self):
        """It is accepted, and what it can't do is said."""
        server = self.serve(connect=False)
        result = self.add(server, token=server.read_token)

        self.assertEqual(result.status, 0, result)
        self.assertIn('No: Downloads can be enabled\n', result.err)
        self.assertIn('“Stream: Edit”', result.err)
        self.assertNotIn(server.read_token, result.out + result.err)

    def test_steps_of_failures(self):
        """The first step that fails is the last, and says what to do."""
        for rules, last, advice in (
                ([{'match': {'path': '*/tokens/verify'}, 'do': {'status': 401, 'code': 1000}}],
                 'No: The token is active', 'My Profile → API Tokens'),
                ([{'match': {'path': '*/tokens/verify'}, 'do': {'body': '<html>Welcome</html>'}}],
                 'Unknown: The token is active', 'sign in'),
                ([{'match': {'path': '*/stream'}, 'do': {'status': 403, 'code': 10000}}],
                 'No: Videos can be listed', '“Stream: Edit”'),
        ):
            with self.subTest(last):
                server = self.serve(connect=False, rules=rules)
                result = self.add(server)
                titles = [line for line in result.err.splitlines() if line.startswith(('Yes:', 'No:', 'Unknown:'))]
                self.assertEqual(result.status, 3, result)
                self.assertEqual(titles[-1], last, result)
                self.assertIn(advice, result.err)
                self.assertEqual(self.rows('account', 'list'), [])

    def test_rename(self):
        server = self.serve(connect=False)
        self.assertEqual(self.add(server).status, 0)
        self.assertEqual(self.rows('account', 'list')[0]['name'], 'The mill', 'Cloudflare\u2019s name, unless told')

        self.assertEqual(self.run_it('account', 'rename', server.account, 'Home movies').status, 0)
        self.assertEqual(self.rows('account', 'list')[0]['name'], 'Home movies')
        self.assertEqual(self.add(server, token=server.account_token).status, 0)
        self.assertEqual(self.rows('account', 'list')[0]['name'], 'Home movies', 'it outlives the token')
        self.assertEqual(self.run_it('account', 'rename', 'ab' * 16, 'Nobody').status, 3)

    def test_dashboard_address(self):
        server = self.serve(connect=False)
        result = self.run_it('account', 'add', f'--id=https://dash.cloudflare.com/{server.account}/stream/videos',
                             text=server.token)

        self.assertEqual(result.status, 0, result)
        self.assertEqual([account['account'] for account in self.rows('account', 'list')], [server.account])

    def test_wrong_token(self):
        server = self.serve(connect=False)
        for token in 'z' * 40, '', 'two words':
            with self.subTest(token):
                result = self.run_it('account', 'add', f'--id={server.account}', text=token + '\n')
                self.assertEqual(result.status, 3, result)
                self.assertTrue(result.err)
        self.assertEqual(self.rows('account', 'list'), [])

    def test_new_token(self):
        """Added again, an account has the new token, and is there once."""
        server = self.serve(connect=False)
        self.assertEqual(self.add(server, token=server.read_token).status, 0)
        self.assertEqual(self.run_it('download', KOI).status, 3)
        self.assertEqual(self.add(server).status, 0)

        self.assertEqual(len(self.rows('account', 'list')), 1)
        self.assert_saved(self.download(KOI), KOI)

    def test_environment_goes_first(self):
        server = self.serve()
        self.assertEqual(self.add(server, token=server.read_token, CLOUDFLARE_API_TOKEN='',
                                  CLOUDFLARE_ACCOUNT_ID='').status, 0)

        self.assert_saved(self.download(KOI), KOI)

    def test_keyring_gone(self):
        """The list knows the account, but nobody the token."""
        server = self.serve(connect=False)
        self.assertEqual(self.add(server).status, 0)
        self.keyring.kill()
        self.keyring.wait()
        started = time.monotonic()
        result = self.run_it('download', '--json', KOI)

        self.assertEqual(result.status, 3, result)
        self.assertLess(time.monotonic() - started, 20)

    def test_keyring_silent(self):
        """It hangs; we don't."""
        server = self.serve(connect=False)
        self.assertEqual(self.add(server).status, 0)
        self.keyring.send_signal(signal.SIGSTOP)
        started = time.monotonic()
        for arguments in ['download', KOI], ['browse']:
            self.assertEqual(self.run_it(*arguments).status, 3)
        self.assertLess(time.monotonic() - started, 40)


harness.main(together=8)
