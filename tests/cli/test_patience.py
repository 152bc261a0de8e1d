# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a command tries before it gives up; this takes as long."""

import socket
import time

import harness
from harness import BIG, KOI, RIPPLES


class Patience(harness.Case):

    def test_no_network(self):
        with socket.socket() as closed:
            closed.bind(('127.0.0.1', 0))
            self.environment |= {'CLOUDFLARE_API_TOKEN': 'x' * 40, 'CLOUDFLARE_ACCOUNT_ID': 'ab' * 16,
                                 'MILLPOND_API_BASE': f'http://127.0.0.1:{closed.getsockname()[1]}/client/v4'}
            started = time.monotonic()
            result = self.download(KOI, status=1, seconds=120)

        self.assert_failed(result, KOI, 'network')
        self.assertTrue(30 < time.monotonic() - started < 100)
        delays = [event['retry_in'] for event in result.of('state') if event['state'] == 'waiting']
        self.assertGreater(max(delays), 8 * max(delays[:1]), 'each time it waits longer')

    def test_server_error(self):
        self.serve(rules=[{'match': {'host': 'api'}, 'do': {'status': 500}}])

        self.assert_failed(self.download(KOI, status=1, seconds=120), KOI, 'server')

    def test_stall(self):
        """Thirty silent seconds count as a lost connection."""
        server = self.serve(rules=[{'match': {'host': 'media', 'path': '/signed/*', 'times': 1},
                                    'do': {'stall_after': 100_000}}])
        started = time.monotonic()
        result = self.download(RIPPLES, seconds=120)

        self.assert_saved(result, RIPPLES)
        self.assertTrue(28 < time.monotonic() - started < 60)
        self.assertEqual(server.delivered(RIPPLES)[1], 2)

    def test_long_link(self):
        """A link is good for a minute, and a slow file takes longer; nothing comes twice."""
        server = self.serve(videos=[harness.big_video()],
                            rules=[{'set': {'link_seconds': 5}}, harness.slow(400_000, **{'from': 2}),
                                   {'match': {'host': 'media', 'path': '/signed/*', 'from': 2},
                                    'do': {'drop_after': 4_000_000}}])
        content = server.fetch_whole(BIG)
        before, _ = server.delivered(BIG)

        self.assert_saved(self.download(BIG, seconds=120), BIG, content=content)
        self.assertLessEqual(server.delivered(BIG)[0] - before - harness.BIG_BYTES, 256 * 1024)


harness.main()
