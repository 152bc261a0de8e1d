# SPDX-License-Identifier: GPL-3.0-or-later

"""The token goes to the API and nowhere else."""

import harness
from harness import BIG, FIREFLIES, KOI


class Secrets(harness.Case):

    def setUp(self):
        super().setUp()
        self.environment['G_MESSAGES_DEBUG'] = 'all'

    def assert_kept(self, token, *results):
        for result in results:
            self.assertNotIn(token, result.out)
            self.assertNotIn(token, result.err)
        n_files = 0
        for path, content in self.everything():
            self.assertNotIn(token.encode(), content, path)
            n_files += 1
        self.assertGreater(n_files, 0)

    def test_not_on_disk_nor_in_output(self):
        server = self.serve()
        results = [self.run_it('download', '--json', KOI, FIREFLIES), self.run_it('download', harness.SNOW),
                   self.run_it('browse'), self.run_it('account', 'list'), self.run_it('status', '--json'),
                   self.run_it('list', '--json'), self.run_it('verify')]

        self.assertEqual([result.status for result in results], [0, 1, 0, 0, 0, 0, 0])
        self.assertIn('DEBUG', results[0].err)
        self.assertEqual(len(results[0].of('saved')), 2, 'diagnostics are not mixed into the events')
        self.assert_kept(server.token, *results)
        self.assertTrue(server.requests('api', authorization=True))

    def test_refused(self):
        """An error does not show what was refused, either."""
        token = 'not-a-token-' + 'x' * 28
        self.serve()

        self.assert_kept(token, self.run_it('download', '--json', KOI, CLOUDFLARE_API_TOKEN=token),
                         self.run_it('browse', CLOUDFLARE_API_TOKEN=token))

    def test_malformed(self):
        """One that can't be a token, say with a line of something else, is not shown."""
        token = 'secret words\nX-Other: header'
        server = self.serve()
        result = self.run_it('browse', CLOUDFLARE_API_TOKEN=token)

        self.assertEqual(result.status, 3, result)
        self.assertNotIn('secret', result.out + result.err)
        self.assertEqual(server.requests(), [])

    def test_delivery_never_sees_it(self):
        server = self.serve()
        self.run_it('download', '--json', KOI, FIREFLIES, harness.BOAT)

        self.assertTrue(server.requests('media'))
        self.assertEqual(server.requests('media', authorization=True), [])
        self.assertEqual(server.requests('api', authorization=False), [])

    def test_not_in_command_line(self):
        server = self.serve(videos=[harness.big_video()], rules=[harness.slow(6_000_000)])
        running = self.start('download', '--json', BIG)
        harness.until(lambda: server.delivered(BIG)[1])

        with open(f'/proc/{running.process.pid}/cmdline', 'rb') as file:
            content = file.read()
        self.assertIn(BIG.encode(), content)
        self.assertNotIn(server.token.encode(), content)
        self.assertEqual(running.end().status, 0)


harness.main()
