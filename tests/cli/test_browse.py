# SPDX-License-Identifier: GPL-3.0-or-later

"""What is on the accounts: all of it, or what is asked for, in the order asked for."""

import harness
from harness import BROKEN, CLOUDS, FIREFLIES, KOI, NIGHT, RIPPLES, VIDEOS

PRIVATE = {uid for uid, video in VIDEOS.items() if video.get('require_signed_urls')}
NEWEST = sorted(VIDEOS, key=lambda uid: VIDEOS[uid]['created'], reverse=True)
RECORDING = 'cafe0000000000000000000000000001'


class Browse(harness.Case):

    def browse(self, *arguments, **environment):
        return [entry['video'] for entry in self.rows('browse', *arguments, **environment)]

    def test_filters(self):
        self.serve(speed=0, videos=[{'uid': RECORDING, 'title': 'Übertragung: Fähre', 'live_input': 'b' * 32,
                                     'creator': 'harbour', 'like': RIPPLES,
                                     'created': '2025-01-01T12:00:00Z'}])
        everything = set(VIDEOS) | {RECORDING}
        for arguments, expected in (
                ((), everything),
                (('--search=koi',), {KOI}),
                (('--search=KO',), {KOI}),
                (('--search=oi',), set()),
                (('--search=uber FAHR',), {RECORDING}),
                (('--search=harb',), {RECORDING}),
                (('--search=' + KOI,), {KOI}),
                (('--creator=harbour',), {RECORDING}),
                (('--private',), PRIVATE),
                (('--public',), everything - PRIVATE),
                (('--public', '--private'), everything),
                (('--recordings',), {RECORDING}),
                (('--uploads',), set(VIDEOS)),
                (('--state=error',), {BROKEN}),
                (('--state=processing', '--state=error'), {BROKEN, CLOUDS}),
                (('--since=2025-01-01', '--before=2025-01-02'), {RECORDING}),
                (('--since=2025-01-01T12:00:00Z', '--before=2025-01-01T12:00:01Z'), {RECORDING}),
                (('--before=2025-01-01',), set()),
                (('--saved',), set()),
                (('--private', '--creator=harbour'), set()),
        ):
            with self.subTest(arguments):
                self.assertEqual(set(self.browse(*arguments, TZ='UTC')), expected)

    def test_saved(self):
        self.serve()
        self.download(KOI)
        self.assertEqual(self.browse('--saved'), [KOI])
        self.assertEqual(set(self.browse('--unsaved')), set(VIDEOS) - {KOI})

    def test_order(self):
        self.serve(speed=0)
        durations = {entry['video']: entry['duration'] for entry in self.rows('browse')}

        self.assertEqual(self.browse(), NEWEST)
        self.assertEqual(self.browse('--sort=oldest'), NEWEST[::-1])
        longest = [uid for uid in self.browse('--sort=longest') if durations[uid] >= 0]
        self.assertEqual(longest, sorted(longest, key=durations.get, reverse=True))
        self.assertEqual(self.browse('--sort=longest')[0], NIGHT)
        self.assertEqual(durations[self.browse('--sort=shortest')[-1]], -1)
        titles = [entry['title'] for entry in self.rows('browse', '--sort=title', LC_ALL='C.UTF-8')]
        self.assertEqual(titles, sorted(titles))

    def test_limit(self):
        """As many as are wanted, and no more requests than that takes."""
        copies = {'title': 'Copy', 'like': RIPPLES, 'copies': 3000, 'created_step': 1,
                  'created': '2020-01-01T00:00:00Z'}
        server = self.serve(speed=0, videos=[copies])

        self.assertEqual(self.browse('--limit=2'), NEWEST[:2])
        self.assertEqual([request['query'] for request in server.requests('api')], ['limit=2'])
        self.assertEqual(self.browse('--sort=oldest', '--search=clouds', '--limit=2'), [CLOUDS])
        before = len(server.requests('api'))
        self.assertEqual(len(self.browse('--search=copy', '--limit=500')), 500)
        self.assertEqual(len(server.requests('api')), before + 1)
        self.assertEqual(len(self.browse('--search=copy', '--limit=1500')), 1500)
        self.assertEqual(self.browse('--sort=longest', '--limit=1'), [NIGHT])

    def test_equal_times(self):
        copies = {'title': 'Copy', 'like': RIPPLES, 'copies': 1900, 'created': '2020-01-01T00:00:00.5Z'}
        self.serve(videos=[copies])
        videos = self.browse()

        self.assertEqual(len(videos), 1900 + len(VIDEOS))
        self.assertEqual(len(set(videos)), len(videos))

    def test_wrong(self):
        self.serve()
        for argument in '--state=done', '--sort=size', '--since=yesterday', '--before=2024-13-01', '--limit=-1':
            with self.subTest(argument):
                result = self.run_it('browse', argument)
                self.assertEqual(result.status, 2, result)
                self.assertEqual(result.out, '')


harness.main()
