# SPDX-License-Identifier: GPL-3.0-or-later

"""The library folder in bad shape: gone, in the way, read-only, full, or with an index that can't be read."""

import glob
import os
import subprocess

import harness
from harness import BIG, BIG_BYTES, BOAT, KOI, RIPPLES

INSIDE = '''
mount -t tmpfs -o size=$1 tmpfs "$2" && echo mounted
exec sleep infinity
'''


class Unavailable(harness.Case):

    def check(self):
        server = self.serve()
        result = self.download(KOI, RIPPLES, status=1)

        for uid in KOI, RIPPLES:
            message = self.assert_failed(result, uid, 'library-unavailable')['message']
            self.assertIn(self.library, message)
        self.assertIn(self.library, result.err)
        self.assertEqual(server.requests(), [], 'nothing is asked for that has no place')
        for command in 'list', 'status', 'verify':
            result = self.run_it(command)
            self.assertEqual(result.status, 1, result)
            self.assertIn(self.library, result.err)

        # What is on Stream can be listed all the same.
        self.assertEqual(len(self.rows('browse')), len(harness.VIDEOS))

    def test_is_file(self):
        with open(self.library, 'w', encoding='utf-8') as file:
            file.write('my notes')
        self.check()

        with open(self.library, encoding='utf-8') as file:
            self.assertEqual(file.read(), 'my notes')

    def test_below_file(self):
        with open(self.library, 'w', encoding='utf-8') as file:
            file.write('my notes')
        self.library = self.environment['MILLPOND_LIBRARY'] = os.path.join(self.library, 'videos')
        self.check()

    def test_cannot_be_made(self):
        self.library = self.environment['MILLPOND_LIBRARY'] = '/proc/millpond'
        self.check()

    def test_read_only(self):
        os.mkdir(self.library, 0o500)
        if os.access(self.library, os.W_OK):
            self.skipTest('this user may write everywhere')
        self.check()

    def test_type_of_link(self):
        """What fails is of the type that was asked for."""
        with open(self.library, 'w', encoding='utf-8'):
            pass
        self.serve()
        result = self.download(f'https://videodelivery.net/{KOI}/downloads/audio.m4a', status=1)

        self.assertEqual([event['type'] for event in result.of('failed')], ['audio'])


class Index(harness.Case):

    def spoil(self, content):
        self.serve()
        self.download(KOI, BOAT)
        before = self.rows('list')
        hidden = os.path.join(self.library, '.millpond')
        for path in glob.glob(os.path.join(hidden, 'library.db-*')):
            os.unlink(path)
        with open(os.path.join(hidden, 'library.db'), 'wb') as file:
            file.write(content)

        return hidden, before

    def check(self, before):
        """The files tell what there was."""
        known = ('video', 'type', 'title', 'path', 'bytes', 'duration')
        after = self.rows('list')
        self.assertEqual(sorted([row[key] for key in known] for row in after),
                         sorted([row[key] for key in known] for row in before))
        self.assertEqual({row['result'] for row in self.rows('verify')}, {'ok'})

    def test_garbage(self):
        garbage = b'no database at all ' * 1000
        hidden, before = self.spoil(garbage)
        self.check(before)

        aside = glob.glob(os.path.join(hidden, 'library.db.damaged-*'))
        self.assertEqual(len(aside), 1)
        with open(aside[0], 'rb') as file:
            self.assertEqual(file.read(), garbage, 'it is set aside as it was')

        n_requests = len(self.servers[0].requests())
        self.assert_saved(self.download(KOI), KOI)
        self.assertEqual(len(self.servers[0].requests()), n_requests)

    def test_torn(self):
        """The first pages are good, the rest is not."""
        self.serve()
        self.download(KOI, BOAT)
        before = self.rows('list')
        path = os.path.join(self.library, '.millpond', 'library.db')
        size = os.path.getsize(path)
        with open(path, 'r+b') as file:
            file.seek(1024)
            file.write(os.urandom(size - 1024))
        for path in glob.glob(path + '-*'):
            os.unlink(path)

        self.check(before)

    def test_gone(self):
        hidden, before = self.spoil(b'')
        os.unlink(os.path.join(hidden, 'library.db'))

        self.check(before)

    def test_empty(self):
        _, before = self.spoil(b'')

        self.check(before)

    def test_moves_with_its_folder(self):
        self.serve()
        self.download(KOI)
        os.rename(self.library, self.library + '-moved')
        self.library = self.environment['MILLPOND_LIBRARY'] = self.library + '-moved'

        row, = self.rows('list')
        self.assertEqual(os.path.dirname(row['path']), self.library)
        self.assertEqual([entry['result'] for entry in self.rows('verify')], ['ok'])
        self.assert_saved(self.download(KOI), KOI)

    def test_part_of_unknown_origin(self):
        """Neither rubbish nor a link in the place of an unfinished file is trusted."""
        self.serve()
        parts = os.path.join(self.library, '.millpond', 'parts')
        os.makedirs(parts)
        outside = os.path.join(self.root, 'outside')
        with open(outside, 'w', encoding='utf-8') as file:
            file.write('keep me')
        os.symlink(outside, os.path.join(parts, f'{KOI}.mp4.part'))
        with open(os.path.join(parts, f'{RIPPLES}.mp4.part'), 'wb') as file:
            file.write(b'rubbish' * 50_000)

        result = self.download(RIPPLES, '--type=default')
        self.assertEqual(harness.digest(result.of('saved')[0]['path']), harness.digest(harness.sample(RIPPLES)))
        self.run_it('download', KOI)
        with open(outside, encoding='utf-8') as file:
            self.assertEqual(file.read(), 'keep me')


class Disk(harness.Case):

    def setUp(self):
        super().setUp()
        os.mkdir(self.library)
        # What is not written is warned of, and that is right here.
        self.environment['G_DEBUG'] = 'fatal-criticals'

    def mount(self, size):
        """Makes the library a small disk in a mount namespace; commands are then run in that."""
        self.inside = subprocess.Popen(['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', INSIDE, 'sh',
                                        size, self.library], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.inside.stderr.close)
        self.addCleanup(self.inside.stdout.close)
        self.addCleanup(self.inside.wait)
        self.addCleanup(self.inside.kill)
        if self.inside.stdout.readline() != b'mounted\n':
            self.skipTest('no disk can be mounted here: ' + self.inside.stderr.readline().decode().strip())

    def start(self, *arguments, prefix=(), **how):
        return super().start(*arguments, prefix=(*self.enter(), *prefix), **how)

    def enter(self):
        return ('nsenter', '--target', str(self.inside.pid), '--user', '--mount', '--preserve-credentials',
                f'--wdns={self.root}')

    def resize(self, size):
        subprocess.run([*self.enter(), 'mount', '-o', f'remount,size={size}', self.library], check=True)

    def content(self, path):
        """The digest of a file in the namespace."""
        return subprocess.run([*self.enter(), 'sha256sum', path], check=True, capture_output=True,
                              text=True).stdout.split(' ')[0].lstrip('\\')

    def test_full(self):
        self.mount('4m')
        server = self.serve(videos=[harness.big_video()])
        content = server.fetch_whole(BIG)
        saved, = self.download(KOI).of('saved')

        result = self.download(BIG, status=1)
        self.assertEqual([event['code'] for event in result.of('failed')], ['disk-full'], result)
        self.assertEqual([row['video'] for row in self.rows('list')], [KOI])
        self.assertEqual([row['result'] for row in self.rows('verify')], ['ok'], 'nothing is lost')

        before, _ = server.delivered(BIG)
        self.resize('40m')
        again, = self.download(BIG).of('saved')
        self.assertEqual(self.content(again['path']), content)
        self.assertEqual(self.content(saved['path']), harness.digest(harness.sample(KOI)))
        self.assertLessEqual(server.delivered(BIG)[0] - before, BIG_BYTES)
        self.assertEqual({row['video'] for row in self.rows('list')}, {KOI, BIG})

    def test_full_beforehand(self):
        """Not even the index has room."""
        self.mount('4m')
        self.serve()
        subprocess.run([*self.enter(), 'sh', '-c', f'head -c 8m /dev/zero >"{self.library}/other"'], check=False,
                       stderr=subprocess.DEVNULL)
        result = self.download(KOI, status=1)
        self.assertEqual([event['code'] for event in result.of('failed')], ['disk-full'], result)

        subprocess.run([*self.enter(), 'rm', f'{self.library}/other'], check=True)
        saved, = self.download(KOI).of('saved')
        self.assertEqual(self.content(saved['path']), harness.digest(harness.sample(KOI)))

    def test_read_only_disk(self):
        self.mount('4m')
        self.serve()
        subprocess.run([*self.enter(), 'mount', '-o', 'remount,ro', self.library], check=True)

        self.assert_failed(self.download(KOI, status=1), KOI, 'library-unavailable')


harness.main()
