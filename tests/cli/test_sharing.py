# SPDX-License-Identifier: GPL-3.0-or-later

"""Several commands at work on one library."""

import contextlib
import os
import signal
import sqlite3

import harness
from harness import BIG, BIG_BYTES, KOI, RIPPLES, WHEEL

OTHER = 'ba5e0000000000000000000000000002'


class Two(harness.Case):

    def serve_big(self, bytes_per_second=5_000_000, **more):
        server = self.serve(videos=[harness.big_video(), harness.big_video(OTHER)],
                            rules=[harness.slow(bytes_per_second, video=uid, **{'from': 2})
                                   for uid in (BIG, OTHER)], **more)
        self.content = {uid: server.fetch_whole(uid) for uid in (BIG, OTHER)}
        self.before = {uid: server.delivered(uid) for uid in (BIG, OTHER)}

        return server

    def fetched(self, server, uid):
        sent, n_answers = server.delivered(uid)

        return sent - self.before[uid][0], n_answers - self.before[uid][1]

    def begin(self, uid, n_bytes=1):
        running = self.start('download', '--json', uid)
        running.wait_for(lambda event: event.get('bytes', 0) >= n_bytes)

        return running

    def test_other_video(self):
        server = self.serve_big()
        first = self.begin(BIG)
        second = self.start('download', '--json', OTHER)

        for running, uid in (first, BIG), (second, OTHER):
            result = running.end()
            self.assertEqual(result.status, 0, result)
            self.assertEqual(harness.digest(result.of('saved', uid)[0]['path']), self.content[uid])
            self.assertIn('downloading', result.states(uid))
        self.assertEqual(self.fetched(server, BIG), (BIG_BYTES, 1))

        # When the first one ends, what is on its way for the other goes on in the second.
        sent, n_answers = self.fetched(server, OTHER)
        self.assertLessEqual(n_answers, 2)
        self.assertLessEqual(sent - BIG_BYTES, 256 * 1024)

    def test_same_video(self):
        server = self.serve_big()
        first = self.begin(BIG)
        second = self.begin(BIG)

        paths = set()
        for running in first, second:
            result = running.end()
            self.assertEqual(result.status, 0, result)
            paths.add(self.assert_saved(result, BIG, content=self.content[BIG])['path'])
        self.assertEqual(len(paths), 1)
        self.assertEqual(self.fetched(server, BIG), (BIG_BYTES, 1))

    def test_same_moment(self):
        server = self.serve()
        running = [self.start('download', '--json', KOI, WHEEL) for _ in range(4)]

        for each in running:
            result = each.end()
            self.assertEqual(result.status, 0, result)
            self.assert_saved(result, KOI)
            self.assert_saved(result, WHEEL)
        for uid in KOI, WHEEL:
            self.assertEqual(server.delivered(uid)[1], 1)
        self.assertEqual(len(server.requests('api', method='POST')), 2)
        self.assertEqual(len(self.files()), 2)

    def test_same_failure(self):
        """Both are told that it failed, and a third one is free to try again."""
        self.serve(speed=4)
        running = [self.start('download', '--json', harness.SNOW) for _ in range(2)]

        for each in running:
            result = each.end()
            self.assertEqual(result.status, 1, result)
            self.assert_failed(result, harness.SNOW, 'encoding-failed')

    def test_takes_over(self):
        """The second follows until the first is gone, and then goes on itself."""
        server = self.serve_big(2_500_000)
        first = self.begin(BIG, BIG_BYTES // 4)
        second = self.begin(BIG)
        first.end(signal.SIGKILL)

        result = second.end()
        self.assertEqual(result.status, 0, result)
        saved = self.assert_saved(result, BIG, content=self.content[BIG])
        self.assertGreaterEqual(saved['resumed_from'], BIG_BYTES // 4)
        self.assertLessEqual(self.fetched(server, BIG)[0] - BIG_BYTES, 256 * 1024)

    def test_takes_over_other_video(self):
        """It goes on with what the first one left, and its own video waits no longer than it must."""
        self.serve_big(2_500_000)
        first = self.begin(BIG, BIG_BYTES // 4)
        second = self.start('download', '--json', OTHER)
        second.wait_for(lambda event: event.get('bytes', 0) > 0)
        first.end(signal.SIGINT)

        result = second.end()
        self.assertEqual(result.status, 0, result)
        self.assertEqual(harness.digest(result.of('saved', OTHER)[0]['path']), self.content[OTHER])
        self.assert_saved(self.download(BIG), BIG, content=self.content[BIG])

    def test_first_ends_first(self):
        """The first one's video is saved; what the second one asked for does not end with it."""
        self.serve_big(3_000_000)
        first = self.start('download', '--json', RIPPLES)
        second = self.start('download', '--json', BIG)

        self.assertEqual(first.end().status, 0)
        result = second.end()
        self.assertEqual(result.status, 0, result)
        self.assert_saved(result, BIG, content=self.content[BIG])

    def test_follower_interrupted(self):
        """Who only follows can leave; the download goes on."""
        server = self.serve_big()
        first = self.begin(BIG)
        second = self.begin(BIG)
        self.assertEqual(second.end(signal.SIGINT, seconds=5).status, 130)

        self.assert_saved(first.end(), BIG, content=self.content[BIG])
        self.assertEqual(self.fetched(server, BIG), (BIG_BYTES, 1))

    def test_no_wait(self):
        """What is only asked for is done by the one that runs."""
        self.serve_big()
        first = self.begin(BIG)
        result = self.run_it('download', '--no-wait', KOI, seconds=5)
        self.assertEqual(result.status, 0, result)

        harness.until(lambda: KOI in {row['video'] for row in self.rows('list')})
        self.assertEqual(first.end().status, 0)

    def test_others_look(self):
        """Who lists, browses, verifies or asks for the status never meets a lock."""
        self.serve_big()
        first = self.begin(BIG)
        for arguments in ['list'], ['status'], ['verify'], ['browse'], ['status'], ['list']:
            self.assertIsNotNone(self.rows(*arguments))
        self.assertEqual([row['state'] for row in self.rows('status')], ['downloading'])
        self.assertGreater(harness.until(lambda: self.rows('status')[0]['bytes']), 0)

        self.assert_saved(first.end(), BIG, content=self.content[BIG])

    def test_removed_while_running(self):
        """A saved video can be removed while another one is on its way, and asked for again."""
        self.serve_big(3_000_000)
        self.download(RIPPLES)
        first = self.begin(BIG)
        self.assertEqual(self.run_it('remove', RIPPLES).status, 0)
        result = self.download(RIPPLES)

        self.assertEqual(harness.digest(result.of('saved', RIPPLES)[0]['path']),
                         harness.digest(harness.sample(RIPPLES)))
        self.assertEqual(first.end().status, 0)

    def ask(self, sql):
        """Writes into the index, as the window does to ask something of the process that works on the queue."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.library, '.millpond', 'library.db'))) as database:
            database.execute(sql)
            database.commit()

    def test_cancelled(self):
        """Nobody waits for what is cancelled in the window, neither who works on it nor who follows."""
        self.serve_big(2_500_000)
        running = [self.begin(BIG), self.begin(BIG)]
        self.ask("UPDATE download SET request = 'cancel'")

        for each in running:
            result = each.end(seconds=10)
            self.assertEqual(result.status, 1, result)
            self.assertIn('cancelled', result.err)
        self.assertEqual(self.parts() + self.files() + self.rows('status'), [])

    def test_paused(self):
        """What is paused in the window goes on when it is asked for."""
        self.serve_big()
        first = self.begin(BIG)
        self.ask("UPDATE download SET request = 'pause'")
        first.wait_for_state('paused')

        second = self.start('download', '--json', BIG)
        for each in second, first:
            self.assert_saved(each.end(), BIG, content=self.content[BIG])

    def test_failed_while_running(self):
        """A follower's second try is done by the one that runs."""
        server = self.serve_big(2_500_000)
        token = self.environment['CLOUDFLARE_API_TOKEN']
        self.environment['CLOUDFLARE_API_TOKEN'] = server.read_token
        self.download(KOI, status=3)
        self.environment['CLOUDFLARE_API_TOKEN'] = token
        first = self.begin(BIG)
        result = self.download(KOI)

        self.assertEqual(len(result.of('saved', KOI)), 1, result)
        self.assertEqual(first.end().status, 0)


harness.main()
