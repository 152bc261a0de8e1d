# SPDX-License-Identifier: GPL-3.0-or-later

"""Arguments, help, and the exit statuses that they lead to."""

import os

import harness
from harness import KOI, RIPPLES, UNKNOWN


class Help(harness.Case):

    def test_of_program(self):
        result = self.run_it('--help')

        self.assertEqual(result.status, 0, result)
        for command in 'download', 'list', 'browse', 'status', 'verify', 'remove', 'account', '--demo', '--version':
            self.assertIn(command, result.out)

    def test_of_commands(self):
        options = {
            'download': ('--type', '--json', '--no-wait'),
            'list': ('--json',),
            'browse': ('--json', '--search', '--limit'),
            'status': ('--json',),
            'verify': ('--json',),
            'remove': ('--keep-file',),
        }
        for command, expected in options.items():
            with self.subTest(command):
                result = self.run_it(command, '--help')
                self.assertEqual(result.status, 0, result)
                self.assertIn(f'millpond {command}', result.out)
                for option in expected:
                    self.assertIn(option, result.out)

    def test_of_account(self):
        result = self.run_it('account', '--help')
        self.assertEqual(result.status, 0, result)
        for word in 'add', 'list', 'remove':
            self.assertIn(f'millpond account {word}', result.out)

        result = self.run_it('account', 'add', '--help')
        self.assertEqual(result.status, 0, result)
        self.assertIn('--id', result.out)
        self.assertIn('--name', result.out)

    def test_version(self):
        result = self.run_it('--version')

        self.assertEqual(result.status, 0, result)
        self.assertRegex(result.out, r'\d+\.\d+')


class Usage(harness.Case):

    def test_wrong(self):
        self.serve()
        for arguments in (['--nonsense'], ['download', '--nonsense', KOI], ['download'],
                          ['download', '--type=video', KOI], ['list', '--nonsense'], ['list', 'a', 'b'],
                          ['browse', '--limit=many'], ['browse', '--limit=-1'], ['browse', 'word'],
                          ['status', '--nonsense'], ['status', 'word'], ['verify', '--nonsense'],
                          ['remove'], ['remove', '--nonsense', KOI], ['account'], ['account', 'rename'],
                          ['account', 'add'], ['account', 'add', '--id=short'], ['account', 'list', '--nonsense'],
                          ['account', 'list', 'word'], ['account', 'remove']):
            with self.subTest(' '.join(arguments)):
                result = self.run_it(*arguments)
                self.assertEqual(result.status, 2, result)
                self.assertTrue(result.err, 'it says what is wrong')

    def test_no_video(self):
        """Nothing on the disk changes for what is no video, whatever else is named."""
        server = self.serve()
        empty = os.path.join(self.root, 'empty.txt')
        with open(empty, 'w', encoding='utf-8') as file:
            file.write('shopping\n')
        before = sorted(self.everything())

        for arguments in (['not-an-id'], [UNKNOWN[:-1]], [UNKNOWN + 'a'], [UNKNOWN[:-1] + 'g'], [''],
                          ['https://example.org/'], [empty], [RIPPLES, 'not-an-id'], ['not-an-id', RIPPLES]):
            with self.subTest(arguments):
                result = self.download(*arguments, status=2)
                self.assertEqual(result.out, '')
                self.assertTrue(result.err)
        self.assertEqual(self.download('-', text='nothing here\n', status=2).out, '')

        self.assertFalse(os.path.exists(self.library))
        self.assertEqual(sorted(self.everything()), before)
        self.assertEqual(server.requests(), [])

    def test_api_base_must_be_safe(self):
        """Plain HTTP is for loopback addresses only: the token would go over the network in the clear."""
        self.serve()
        result = self.run_it('browse', MILLPOND_API_BASE='http://192.0.2.7/client/v4')

        self.assertNotEqual(result.status, 0, result)
        self.assertIn('192.0.2.7', result.err)


class Account(harness.Case):
    """What ends with exit status 3."""

    def test_none(self):
        self.serve(connect=False)
        for arguments in ['download', KOI], ['browse']:
            with self.subTest(arguments):
                result = self.run_it(*arguments)
                self.assertEqual(result.status, 3, result)
                self.assertIn('account', result.err)

    def test_token_refused(self):
        self.serve()
        token = 'z' * 40
        result = self.download(KOI, status=3, CLOUDFLARE_API_TOKEN=token)

        self.assertIn(self.assert_failed_with(result, KOI), ('unauthorized', 'forbidden'))
        self.assertNotIn(token, result.out + result.err)
        self.assertEqual(self.run_it('browse', CLOUDFLARE_API_TOKEN=token).status, 3)

    def assert_failed_with(self, result, uid):
        failed = result.of('failed', uid)
        self.assertEqual(len(failed), 1, result)

        return failed[0]['code']

    def test_unknown_account(self):
        self.serve()
        other = 'f' * 32
        result = self.download(KOI, status=3, CLOUDFLARE_ACCOUNT_ID=other)

        self.assertIn(self.assert_failed_with(result, KOI), ('unauthorized', 'forbidden'))
        self.assertEqual(self.run_it('browse', CLOUDFLARE_ACCOUNT_ID=other).status, 3)

    def test_malformed_account(self):
        self.serve()

        self.assertEqual(self.run_it('browse', CLOUDFLARE_ACCOUNT_ID='not an account').status, 3)

    def test_token_is_trimmed(self):
        server = self.serve()

        self.assert_saved(self.download(RIPPLES, CLOUDFLARE_API_TOKEN=f' {server.token}\n'), RIPPLES)

    def test_read_token(self):
        """It can't have a file made, but what is made it can have."""
        server = self.serve()
        self.assert_saved(self.download(RIPPLES, CLOUDFLARE_API_TOKEN=server.read_token), RIPPLES)

        result = self.download(KOI, status=3, CLOUDFLARE_API_TOKEN=server.read_token)
        self.assert_failed(result, KOI, 'forbidden')

    def test_read_token_beside_others(self):
        server = self.serve()
        result = self.download(KOI, RIPPLES, status=3, CLOUDFLARE_API_TOKEN=server.read_token)

        self.assert_failed(result, KOI, 'forbidden')
        self.assert_saved(result, RIPPLES)

    def test_better_token_later(self):
        server = self.serve()
        self.download(KOI, status=3, CLOUDFLARE_API_TOKEN=server.read_token)

        self.assert_saved(self.download(KOI), KOI)


class Without(harness.Case):
    """What commands do without."""

    def test_home_library(self):
        """Without a setting, the library is in the videos folder, or in the home folder."""
        self.serve()
        del self.environment['MILLPOND_LIBRARY']
        self.library = os.path.join(self.environment['HOME'], 'Millpond')

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_no_schemas(self):
        self.serve()
        del self.environment['GSETTINGS_SCHEMA_DIR']

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_bare_environment(self):
        self.serve()
        for name in list(self.environment):
            if name.startswith('XDG_') or name.startswith('G'):
                del self.environment[name]

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_relative_library(self):
        self.serve()
        self.environment['MILLPOND_LIBRARY'] = 'library'

        self.assert_saved(self.download(RIPPLES), RIPPLES)


harness.main()
