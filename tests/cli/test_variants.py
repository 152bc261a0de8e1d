# SPDX-License-Identifier: GPL-3.0-or-later

"""What the API does is not known in some places: every way has to do."""

import harness
from harness import FIREFLIES, KOI, RIPPLES

# Beside what the server does unasked, which all other tests meet.
VARIANTS = {
    'bad_token': ('403',),
    'delete_etag': ('changed',),
    'downloads_before_post': ('404', 'null'),
    'failure_result': ('missing',),
    'file_in_progress': ('403', '425', 'empty'),
    'live_inputs': ('array',),
    'messages': ('missing',),
    'meta_name': ('number', 'empty', 'missing'),
    'no_route': ('400',),
    'pct_complete': ('number', 'missing'),
    'percent_complete': ('string', 'missing'),
    'post_answer': ('flat',),
    'post_not_ready': ('404', '409', '422'),
    'read_may_enable': ('yes',),
    'redirect': ('301', '307', 'none'),
    'total': ('string', 'missing'),
    'unknown_token': ('401', '400'),
}


def vary(**variant):
    return {'match': {}, 'do': {'variant': variant}}


class Variants(harness.Case):

    def check(self, **variant):
        self.serve(rules=[vary(**variant)])
        self.assertEqual(len(self.rows('browse')), len(harness.VIDEOS))
        result = self.download(KOI, FIREFLIES, RIPPLES)
        for uid in KOI, FIREFLIES, RIPPLES:
            self.assert_saved(result, uid)

        # Those about failures show in these.
        self.assert_failed(self.download(harness.UNKNOWN, status=1), harness.UNKNOWN, 'not-found')
        self.download(harness.WHEEL, status=3, CLOUDFLARE_API_TOKEN='z' * 40)
        self.download(harness.WHEEL, status=3, CLOUDFLARE_ACCOUNT_ID='f' * 32)


def add_case(name, value):
    def test(self):
        self.check(**{name: value})
    setattr(Variants, f'test_{name}_{value}', test)


for variant, values in VARIANTS.items():
    for choice in values:
        add_case(variant, choice)


class TooEarly(harness.Case):

    def test_refused(self):
        self.check(status=403)

    def test_too_early(self):
        self.check(status=425)

    def test_empty(self):
        self.check(body='', content_type='video/mp4')

    def check(self, **answer):
        """The API calls a file ready which delivery is still being given."""
        self.serve(rules=[{'match': {'host': 'media', 'path': '*/downloads/*', 'times': 2}, 'do': answer}])

        self.assert_saved(self.download(RIPPLES), RIPPLES)


class Permission(harness.Case):

    def test_read_token_that_may(self):
        server = self.serve(rules=[vary(read_may_enable='yes')])

        self.assert_saved(self.download(KOI, CLOUDFLARE_API_TOKEN=server.read_token), KOI)


harness.main(together=8)
