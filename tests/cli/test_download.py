# SPDX-License-Identifier: GPL-3.0-or-later

"""Saving videos: which ones are meant, which file comes, and where it is put."""

import os

import harness
from harness import BOAT, FIREFLIES, KOI, NIGHT, RAIN, RIPPLES, TIDES, WHEEL


class Download(harness.Case):

    def test_one(self):
        server = self.serve()
        result = self.download(KOI)

        saved = self.assert_saved(result, KOI)
        self.assertEqual(os.path.basename(saved['path']), f'Koi, seen from the footbridge [{KOI}].mp4')
        self.assertAlmostEqual(saved['duration'], 16, delta=0.5)
        self.assertEqual(saved['resumed_from'], 0)
        self.assertEqual(server.delivered(), (os.path.getsize(harness.sample(KOI)), 1))
        self.assertEqual(result.err, '')

    def test_several(self):
        self.serve()
        result = self.download(KOI, WHEEL, RIPPLES)

        for uid in KOI, WHEEL, RIPPLES:
            self.assert_saved(result, uid)
        self.assertEqual(len(self.files()), 3)

    def test_audio(self):
        self.serve()
        result = self.download('--type=audio', RAIN)

        self.assert_saved(result, RAIN, 'audio')
        self.assertEqual(len(self.files()), 1)

    def test_both_types(self):
        server = self.serve()
        result = self.download('--type=default', '--type', 'audio', WHEEL)

        self.assert_saved(result, WHEEL)
        self.assert_saved(result, WHEEL, 'audio')
        self.assertEqual(server.delivered(WHEEL)[1], 1)
        self.assertEqual(server.delivered(WHEEL, 'audio')[1], 1)

    def test_captions(self):
        self.serve()
        path = self.assert_saved(self.download(BOAT), BOAT)['path']

        for language in 'en', 'de':
            self.assertEqual(harness.digest(path.removesuffix('mp4') + language + '.vtt'),
                             harness.digest(os.path.join(harness.SAMPLES, f'paper-boat.{language}.vtt')))

    def test_title_is_made_safe(self):
        self.serve()
        name = os.path.basename(self.assert_saved(self.download(TIDES), TIDES)['path'])

        self.assertNotRegex(name, '[/:"*?<>|\\\\]')
        self.assertTrue(name.startswith('Tides'), name)

    def test_private(self):
        server = self.serve()
        result = self.download(FIREFLIES)

        self.assert_saved(result, FIREFLIES)
        self.assertTrue([entry for entry in server.requests('api', method='POST')
                         if entry['path'].endswith('/token')])

        # The path of a signed link has a token where else the ID is.
        tokens = {part for entry in server.requests('media') for part in entry['path'].split('/')
                  if part.startswith('eyJ')}
        self.assertTrue(tokens)
        for token in tokens:
            self.assertNotIn(token, result.out + result.err)
            for path, content in self.everything():
                self.assertNotIn(token.encode(), content, path)


class Titles(harness.Case):
    """Titles come from outside, and become file names."""

    TITLES = (
        '', ' ', '.', '..', '../../escape', '/etc/passwd', 'C:\\Windows', 'a\0b', 'line\nbreak', 'tab\tand\x1b[31mred',
        'evil\u202egpj.mp4', 'CON', 'con.txt', 'dot at the end.', ' blanks ', '-rf', '~', '*?"<>|:',
        'ends with a zero width\u200b', 'x' * 300, '池' * 300, '🐟' * 100, 'Ålesund', 'A\u030alesund', 'same', 'same',
    )

    def test_hostile(self):
        uids = [f'7171e{i:027x}' for i in range(len(self.TITLES))]
        self.serve(videos=[{'uid': uid, 'title': title, 'like': RIPPLES, 'enabled': ['default'], 'file':
                            'tides.mp4', 'duration': 16}
                           for uid, title in zip(uids, self.TITLES)])
        result = self.download(*uids)

        names = set()
        for uid, title in zip(uids, self.TITLES):
            with self.subTest(title):
                path = self.assert_saved(result, uid, content=harness.digest(harness.sample(TIDES)))['path']
                name = os.path.basename(path)
                names.add(name)
                self.assertLessEqual(len(name.encode()), 255)
                self.assertNotRegex(name, r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
                self.assertNotRegex(name, r'^[ .]')
        self.assertEqual(len(names), len(uids))
        self.assertEqual(set(self.files()), names)
        self.assertEqual({row['title'] for row in self.rows('list')} & {'Ålesund', 'same'}, {'Ålesund', 'same'})

    def test_in_plain(self):
        """A title can't steer the terminal."""
        uid = '7171e' + 'f' * 27
        self.serve(videos=[{'uid': uid, 'title': 'red \x1b[31m\rover\nline\x9b2J', 'like': RIPPLES,
                            'enabled': ['default'], 'file': 'tides.mp4', 'duration': 16}])
        for arguments in ['browse'], ['download', uid], ['list'], ['status'], ['verify']:
            with self.subTest(arguments):
                result = self.run_it(*arguments)
                self.assertEqual(result.status, 0, result)
                self.assertNotRegex(result.out + result.err, r'[\x00-\x09\x0b-\x1f\x7f-\x9f]')
                self.assertNotIn('\nline', result.out)


class Saved(harness.Case):

    def test_not_again(self):
        server = self.serve()
        first = self.assert_saved(self.download(RIPPLES), RIPPLES)
        n_requests = len(server.requests())
        again = self.assert_saved(self.download(RIPPLES), RIPPLES)

        self.assertEqual(again['path'], first['path'])
        self.assertEqual(len(server.requests()), n_requests, 'it asks nobody')

    def test_not_again_in_plain(self):
        server = self.serve()
        path = self.assert_saved(self.download(RIPPLES), RIPPLES)['path']
        n_requests = len(server.requests())
        result = self.run_it('download', RIPPLES)

        self.assertEqual(result.status, 0, result)
        self.assertIn(path, result.out)
        self.assertEqual(len(server.requests()), n_requests)

    def test_again_when_deleted(self):
        self.serve()
        os.unlink(self.assert_saved(self.download(RIPPLES), RIPPLES)['path'])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_other_type(self):
        server = self.serve()
        self.assert_saved(self.download(RIPPLES), RIPPLES)
        self.assert_saved(self.download('--type=audio', RIPPLES), RIPPLES, 'audio')

        self.assertEqual(server.delivered(RIPPLES)[1], 1)
        self.assertEqual(len(self.rows('list')), 2)


class Named(harness.Case):
    """The forms in which a video can be named."""

    def test_file(self):
        self.serve()
        path = os.path.join(self.root, 'videos.txt')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(f'{KOI}\n\n  https://watch.videodelivery.net/{RIPPLES}\nand once more: {KOI}\n')
        result = self.download(path)

        self.assert_saved(result, KOI)
        self.assert_saved(result, RIPPLES)
        self.assertEqual(len(result.of('saved')), 2)

    def test_standard_input(self):
        self.serve()
        result = self.download('-', text=f'{RIPPLES}\n{KOI}\n')

        self.assert_saved(result, RIPPLES)
        self.assert_saved(result, KOI)

    def test_links(self):
        server = self.serve()
        host = 'https://customer-m033z5x00ks6nunl.cloudflarestream.com'
        result = self.download(
            f'{host}/{KOI}/watch',
            f'{host}/{WHEEL}/manifest/video.m3u8?clientBandwidthHint=1.8',
            f'<iframe src="https://iframe.videodelivery.net/{RIPPLES}?muted=true"></iframe>',
            f'https://dash.cloudflare.com/{server.account}/stream/videos/{TIDES}',
            NIGHT.upper())

        for uid in KOI, WHEEL, RIPPLES, TIDES, NIGHT:
            self.assert_saved(result, uid)

    def test_link_names_its_type(self):
        self.serve()
        result = self.download(f'https://videodelivery.net/{RAIN}/downloads/audio.m4a')

        self.assert_saved(result, RAIN, 'audio')
        self.assertEqual(len(result.of('saved')), 1)

    def test_once(self):
        server = self.serve()
        result = self.download(RIPPLES, RIPPLES, f'https://videodelivery.net/{RIPPLES}/watch')

        self.assert_saved(result, RIPPLES)
        self.assertEqual(server.delivered(RIPPLES)[1], 1)

    def test_public_link_without_account(self):
        """A public video's own link needs no account at all."""
        server = self.serve(connect=False)
        result = self.download(f'{server.media_base}/{RIPPLES}/downloads/default.mp4')

        self.assertEqual(len(result.of('saved', RIPPLES)), 1, result)
        self.assertEqual(harness.digest(result.of('saved')[0]['path']), harness.digest(harness.sample(RIPPLES)))
        self.assertEqual(server.requests('api'), [])


harness.main()
