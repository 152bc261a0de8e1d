# SPDX-License-Identifier: GPL-3.0-or-later

"""The built-in sample account."""

import glob
import os

import harness
from harness import KOI, RIPPLES, SNOW


class Demo(harness.Case):

    def setUp(self):
        super().setUp()
        del self.environment['MILLPOND_LIBRARY']
        self.library = None

    def throwaways(self):
        return glob.glob(os.path.join(self.environment['XDG_CACHE_HOME'], 'millpond', 'sample', 'library-*'))

    def assert_untouched(self):
        """What is done on the sample account stays in the cache."""
        for name in 'HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME':
            self.assertEqual(os.listdir(self.environment[name]), [], name)

    def test_browse(self):
        result = self.run_it('--demo', 'browse', '--json')

        self.assertEqual(result.status, 0, result)
        self.assertEqual({event['video'] for event in result.events}, set(harness.VIDEOS))
        self.assert_untouched()

    def test_list(self):
        self.assertEqual(self.rows('--demo', 'list'), [])
        self.assert_untouched()

    def test_download(self):
        result = self.run_it('--demo', 'download', '--json', RIPPLES)

        self.assertEqual(result.status, 0, result)
        path = result.of('saved')[0]['path']
        self.assertEqual(harness.digest(path), harness.digest(harness.sample(RIPPLES)))
        self.assertEqual([os.path.dirname(path)], self.throwaways())
        self.assert_untouched()

        # Thrown away by the next one.
        self.assertEqual(self.rows('--demo', 'list'), [])
        self.assertFalse(os.path.exists(path))

    def test_own_library(self):
        self.library = self.environment['MILLPOND_LIBRARY'] = os.path.join(self.root, 'library')
        self.assert_saved(self.run_it('--demo', 'download', '--json', RIPPLES), RIPPLES)

        self.assertEqual([row['video'] for row in self.rows('--demo', 'list')], [RIPPLES])
        self.assertEqual(self.throwaways(), [])

    def test_ignores_own_account(self):
        """Whoever tries the sample account does not use up anything of their own."""
        server = self.serve()
        result = self.run_it('--demo', 'browse', '--json')

        self.assertEqual(len(result.events), len(harness.VIDEOS))
        self.assertEqual(server.requests(), [])
        accounts = self.rows('--demo', 'account', 'list')
        self.assertEqual([account['origin'] for account in accounts], ['sample'])

    def test_two_at_once(self):
        running = [self.start('--demo', 'download', '--json', KOI) for _ in range(2)]
        paths = {each.end().of('saved')[0]['path'] for each in running}

        self.assertEqual(len(paths), 2, 'each has a library of its own')

    def test_tour(self):
        result = self.run_it('--demo', 'tour', seconds=80)

        self.assertEqual(result.status, 0, result)
        folder, = self.throwaways()
        self.assertIn(folder, result.out)
        videos = glob.glob(os.path.join(folder, '*.mp4'))
        self.assertEqual({harness.digest(path) for path in videos},
                         {harness.digest(harness.sample(uid)) for uid in harness.VIDEOS
                          if uid not in (SNOW, harness.BROKEN)})
        for path in videos:
            self.assertIn(path, result.out)

    def test_tour_is_of_the_sample_account(self):
        self.serve()

        self.assertEqual(self.run_it('tour').status, 2)

    def test_wrong(self):
        for arguments in ['--demo', '--nonsense'], ['--demo', 'download', '--nonsense'], ['--demo', 'download']:
            with self.subTest(arguments):
                self.assertEqual(self.run_it(*arguments).status, 2)


harness.main(together=8)
