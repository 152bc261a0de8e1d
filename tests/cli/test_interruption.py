# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends of all kinds, and going on from where they came."""

import os
import signal
import time

import harness
from harness import BIG, BIG_BYTES, BOAT, FIREFLIES, KOI, NIGHT, WHEEL

KIB = 1024
TWICE = 256 * KIB  # so much of a file may have to come again


class Case(harness.Case):

    def serve_big(self, bytes_per_second):
        """A server with a video that takes a while, that one's digest, and how much has been delivered of it."""
        server = self.serve(videos=[harness.big_video()],
                            rules=[harness.slow(bytes_per_second, **{'from': 2})])

        return server, server.fetch_whole(BIG), server.delivered(BIG)[0]


class Killed(Case):

    def assert_resumed(self, server, uid, content=None):
        """The same command again ends with the whole file, with next to nothing fetched twice."""
        saved = self.assert_saved(self.download(uid), uid, content=content)
        sent, _ = server.delivered(uid)
        self.assertLessEqual(sent - saved['bytes'], TWICE)
        self.assertEqual([entry['video'] for entry in self.rows('list')], [uid])
        self.assertEqual([row['state'] for row in self.rows('status')], ['saved'])

        return saved

    def kill_at(self, running, uid, state):
        """Kills a download in a state, and checks that others are told the truth about it."""
        running.wait_for_state(state)
        self.assertEqual(running.end(signal.SIGKILL).status, -signal.SIGKILL)
        self.assertEqual(self.rows('list'), [])
        rows = self.rows('status')
        self.assertEqual([row['video'] for row in rows], [uid])

        return rows[0]

    def test_enabling(self):
        server = self.serve(rules=[{'match': {'host': 'api', 'nth': 1}, 'do': {'delay_ms': 3000}}])
        row = self.kill_at(self.start('download', '--json', KOI), KOI, 'enabling')

        self.assertEqual(row['state'], 'enabling')
        self.assert_resumed(server, KOI)

    def test_preparing(self):
        server = self.serve(speed=4)
        row = self.kill_at(self.start('download', '--json', WHEEL), WHEEL, 'preparing')

        self.assertEqual(row['state'], 'preparing')
        self.assertEqual(row['title'], 'The mill wheel, slowly')
        self.assert_resumed(server, WHEEL)

        # Stream is asked once to make the file.
        self.assertEqual(len(server.requests('api', method='POST')), 1)

    def test_waiting(self):
        server = self.serve(rules=[{'match': {'host': 'api', 'nth': 1},
                                    'do': {'status': 503, 'headers': {'Retry-After': '60'}}}])
        row = self.kill_at(self.start('download', '--json', KOI), KOI, 'waiting')

        self.assertEqual((row['state'], row['reason']), ('waiting', 'retry'))
        self.assert_resumed(server, KOI)

    def test_downloading(self):
        server, content, before = self.serve_big(4_000_000)
        running = self.start('download', '--json', BIG)
        running.wait_for(lambda event: event.get('bytes', 0) > BIG_BYTES * 2 // 3)
        row = self.kill_at(running, BIG, 'downloading')

        # It is written once a second how many bytes there are.
        self.assertEqual(row['state'], 'downloading')
        self.assertEqual(row['total'], BIG_BYTES)
        self.assertTrue(BIG_BYTES // 6 < row['bytes'] < BIG_BYTES, row)
        self.assertEqual(self.files(), [], 'what is not whole is not among what is')

        saved = self.assert_saved(self.download(BIG), BIG, content=content)
        self.assertGreater(saved['resumed_from'], BIG_BYTES * 2 // 3 - TWICE)
        self.assertLessEqual(server.delivered(BIG)[0] - before - BIG_BYTES, TWICE)

    def test_again_and_again(self):
        """Killed over and over on its way, it never goes back."""
        server, content, before = self.serve_big(5_000_000)
        reached = n_killed = 0
        while reached < BIG_BYTES * 3 // 4:
            running = self.start('download', '--json', BIG)
            first = running.wait_for(lambda event: event.get('bytes', 0) > 0)['bytes']
            reached = running.wait_for(lambda event: event.get('bytes', 0) > first)['bytes']
            running.end(signal.SIGKILL)
            n_killed += 1

        self.assertGreaterEqual(n_killed, 2)
        self.assert_saved(self.download(BIG), BIG, content=content)
        self.assertLessEqual(server.delivered(BIG)[0] - before - BIG_BYTES, n_killed * TWICE)

    def test_any_moment(self):
        """Killed after ever longer times, whatever it is then at."""
        server = self.serve(speed=40, rules=[harness.slow(3_000_000)])
        n_killed = 0
        for step in range(40):
            process = self.start('download', '--json', BOAT)
            time.sleep(0.02 + step * 0.02)  # a moment, not a state
            n_killed += 1
            if process.end(signal.SIGKILL).of('saved'):
                break

        saved = self.assert_saved(self.download(BOAT), BOAT)
        self.assertLessEqual(server.delivered(BOAT)[0] - saved['bytes'], n_killed * TWICE)
        self.assertEqual(len(self.files()), 3, 'the video and its captions')
        self.assertEqual({row['result'] for row in self.rows('verify')}, {'ok'})
        self.assertTrue(os.path.samefile(self.rows('list')[0]['path'], saved['path']))

    def test_private(self):
        """A signed link is not kept: it goes on with a new one."""
        server = self.serve(rules=[harness.slow(150_000, times=1)])
        running = self.start('download', '--json', FIREFLIES)
        running.wait_for(lambda event: event.get('bytes', 0) > 100_000)
        self.kill_at(running, FIREFLIES, 'downloading')

        saved = self.assert_resumed(server, FIREFLIES)
        self.assertGreater(saved['resumed_from'], 0)

    def test_several(self):
        """Those beside it go on, too."""
        server = self.serve(rules=[harness.slow(500_000)])
        running = self.start('download', '--json', NIGHT, KOI, WHEEL)
        running.wait_for(lambda event: event['video'] == NIGHT and event.get('bytes', 0) > 200_000)
        running.end(signal.SIGKILL)
        result = self.download(NIGHT)

        self.assertEqual(len(result.of('saved', NIGHT)), 1, result)
        result = self.download(KOI, WHEEL, NIGHT)
        for uid in KOI, WHEEL, NIGHT:
            self.assert_saved(result, uid)
            self.assertLessEqual(server.delivered(uid)[0] - os.path.getsize(harness.sample(uid)), TWICE)


class Signalled(Case):

    def check(self, number, status):
        server, content, before = self.serve_big(4_000_000)
        running = self.start('download', '--json', BIG)
        running.wait_for(lambda event: event.get('bytes', 0) > BIG_BYTES // 4)
        result = running.end(number, seconds=5)
        self.assertEqual(result.status, status, result)
        self.assertEqual(result.of('saved') + result.of('failed'), [], result)
        row = self.rows('status')[0]
        self.assertEqual(row['state'], 'downloading')
        self.assertGreater(row['bytes'], BIG_BYTES // 4)

        saved = self.assert_saved(self.download(BIG), BIG, content=content)
        self.assertGreaterEqual(saved['resumed_from'], BIG_BYTES // 4)
        self.assertLessEqual(server.delivered(BIG)[0] - before - BIG_BYTES, TWICE)

    def test_interrupt(self):
        self.check(signal.SIGINT, 130)

    def test_terminate(self):
        self.check(signal.SIGTERM, 143)

    def test_while_waiting(self):
        self.serve(rules=[{'match': {'host': 'api'}, 'do': {'status': 503, 'headers': {'Retry-After': '60'}}}])
        running = self.start('download', '--json', KOI)
        running.wait_for_state('waiting')

        self.assertEqual(running.end(signal.SIGINT, seconds=5).status, 130)

    def test_while_asking(self):
        """The API does not answer; that keeps nobody."""
        self.serve(rules=[{'match': {'host': 'api'}, 'do': {'delay_ms': 60_000}}])
        running = self.start('download', '--json', KOI)
        running.wait_for_state('enabling')

        self.assertEqual(running.end(signal.SIGTERM, seconds=5).status, 143)

    def test_while_stalled(self):
        self.serve(rules=[{'match': {'host': 'media', 'path': '/signed/*'}, 'do': {'stall_after': 100_000}}])
        running = self.start('download', '--json', harness.RIPPLES)
        running.wait_for(lambda event: event.get('bytes', 0) >= 100_000)

        self.assertEqual(running.end(signal.SIGINT, seconds=5).status, 130)

    def test_browse(self):
        self.serve(rules=[{'match': {'host': 'api'}, 'do': {'delay_ms': 60_000}}])
        server = self.servers[0]
        running = self.start('browse')
        harness.until(lambda: server.requests('api'))

        self.assertIn(running.end(signal.SIGINT, seconds=5).status, (130, -signal.SIGINT))


class NoWait(Case):

    def test_has_it_made(self):
        server = self.serve(speed=0.01)
        result = self.download('--no-wait', WHEEL, KOI)

        self.assertEqual(result.of('saved'), [])
        enabled = server.requests('api', method='POST')
        self.assertEqual(len(enabled), 2)
        self.assertEqual({row['state'] for row in self.rows('status')}, {'preparing'})
        self.assertEqual(server.delivered()[1], 0)

    def test_goes_on_later(self):
        self.serve()
        self.download('--no-wait', KOI)
        row = self.rows('status')[0]
        self.assertIn(row['state'], harness.STATES)

        self.assert_saved(self.download(KOI), KOI)


harness.main(together=6)
