# SPDX-License-Identifier: GPL-3.0-or-later

"""Signed links, by Stream and with a key of one's own, and downloads by such links."""

import base64
import datetime
import hashlib
import json
import os
import time
import urllib.error
import urllib.request

import harness
from harness import FIREFLIES, KOI, RIPPLES, SNOW, UNKNOWN, WHEEL, sample

PRIVATE = 'f1ef11e5000000000000000000000001'
HOUR = 3600
DAY = 24 * HOUR


def private_video(**more):
    """The private sample, whose files are there from the start."""
    return {'uid': PRIVATE, 'like': FIREFLIES, 'title': 'Fireflies', 'enabled': ['default', 'audio'], **more}


def fetch(link):
    """The SHA-256 of what a link leads to, or the status that it gets instead."""
    try:
        with urllib.request.urlopen(link) as answer:
            return hashlib.file_digest(answer, 'sha256').hexdigest()
    except urllib.error.HTTPError as error:
        return error.code


def get_token(link):
    return link.split('/')[3]


def get_claims(link):
    payload = get_token(link).split('.')[1]

    return json.loads(base64.urlsafe_b64decode(payload + '=' * (-len(payload) % 4)))


class Case(harness.Case):

    def link(self, *arguments, status=0, **environment):
        """Runs `link`, and returns what it prints: one link, or nothing at all."""
        result = self.run_it('link', *arguments, **environment)
        self.assertEqual(result.status, status, result)
        self.assertEqual(len(result.out.splitlines()), 0 if status else 1, result)
        self.assertTrue(result.err, result)
        self.said = result.err

        return result.out.rstrip('\n')

    def assert_link(self, link, uid=PRIVATE, kind='default'):
        self.assertEqual(fetch(link), harness.digest(sample(FIREFLIES, kind)))
        self.assertEqual(get_claims(link)['sub'], uid)
        self.assertNotIn(uid, link)


class Links(Case):

    def test_default(self):
        server = self.serve(videos=[private_video()])
        before = time.time()
        link = self.link(PRIVATE)

        self.assert_link(link)
        self.assertEqual(link, f'{server.media_base}/{get_token(link)}/downloads/default.mp4')
        self.assertAlmostEqual(get_claims(link)['exp'], before + HOUR, delta=30)
        end = datetime.datetime.fromtimestamp(get_claims(link)['exp'])
        self.assertEqual(self.said, f'Can be downloaded until {end.day} {end:%b %Y, %H:%M}\n')

    def test_audio(self):
        self.serve(videos=[private_video()])

        self.assert_link(self.link('--type=audio', PRIVATE), kind='audio')

    def test_type_of_a_link(self):
        server = self.serve(videos=[private_video()])

        self.assert_link(self.link(f'{server.media_base}/{PRIVATE}/downloads/audio.m4a'), kind='audio')

    def test_durations(self):
        self.serve(videos=[private_video()])
        for text, seconds in ('90s', 90), ('90', 90), ('30m', 30 * 60), ('12h', 12 * HOUR), ('1d', DAY):
            with self.subTest(text):
                before = time.time()
                link = self.link(f'--expires={text}', PRIVATE)
                self.assertAlmostEqual(get_claims(link)['exp'], before + seconds, delta=30)
                self.assert_link(link)

    def test_not_before(self):
        self.serve(videos=[private_video()])
        before = time.time()
        link = self.link('--not-before=+1h', '--expires=2h', PRIVATE)

        self.assertAlmostEqual(get_claims(link)['nbf'], before + HOUR, delta=30)
        self.assertEqual(fetch(link), 401)
        self.assertRegex(self.said, r'^Can be downloaded from \d+ \w+ \d+, \d\d:\d\d until ')

        self.assert_link(self.link('--not-before=2020-01-01T00:00:00Z', PRIVATE))

    def test_rules(self):
        """The sample server takes its clients to be in the Netherlands."""
        self.serve(videos=[private_video()])
        everyone_else = {'type': 'any', 'action': 'block'}

        link = self.link('--allow-country=nl,DE', PRIVATE)
        self.assertEqual(get_claims(link)['accessRules'], [
            {'type': 'ip.geoip.country', 'action': 'allow', 'country': ['NL', 'DE']}, everyone_else])
        self.assert_link(link)
        self.assertIn(', from Netherlands and Germany\n', self.said)

        link = self.link('--allow-ip=192.0.2.0/24', '--allow-country=DE,FR', '--allow-ip=127.0.0.0/8,::1', PRIVATE)
        self.assertEqual(get_claims(link)['accessRules'], [
            {'type': 'ip.src', 'action': 'allow', 'ip': ['192.0.2.0/24']},
            {'type': 'ip.geoip.country', 'action': 'allow', 'country': ['DE', 'FR']},
            {'type': 'ip.src', 'action': 'allow', 'ip': ['127.0.0.0/8', '::1']}, everyone_else])
        self.assert_link(link)
        self.assertIn(', from 192.0.2.0/24, from Germany and France, and from 127.0.0.0/8 and ::1\n', self.said)

        for refusing in '--allow-country=DE', '--allow-ip=192.0.2.0/24':
            self.assertEqual(fetch(self.link(refusing, PRIVATE)), 403)

        self.assert_link(self.link('--allow-country=NL', '--allow-country=DE', '--allow-country=FR', '--allow-ip=::1',
                                   PRIVATE))

    def test_public(self):
        """A link with a token, and the word that it would go without."""
        self.serve()
        link = self.link(RIPPLES)

        self.assertEqual(fetch(link), harness.digest(sample(RIPPLES)))
        self.assertEqual(get_claims(link)['sub'], RIPPLES)
        self.assertIn('public', self.said)

    def test_usage(self):
        server = self.serve(videos=[private_video()])
        for arguments in ([], [PRIVATE, RIPPLES], ['nothing'], ['--expires=25h', PRIVATE], ['--expires=86401', PRIVATE],
                          ['--expires=0', PRIVATE], ['--expires=soon', PRIVATE], ['--expires=', PRIVATE],
                          ['--not-before=+2h', PRIVATE], ['--not-before=+1h', PRIVATE], ['--not-before=later', PRIVATE],
                          ['--allow-country=', PRIVATE], ['--allow-country=Germany', PRIVATE],
                          ['--allow-country=DE,XX', PRIVATE], ['--allow-ip=192.0.2.1/24', PRIVATE],
                          ['--allow-ip=2001:db8::/129', PRIVATE], ['--allow-ip=here', PRIVATE],
                          ['--allow-country=DE'] * 5 + [PRIVATE], ['--type=video', PRIVATE], ['--frobnicate', PRIVATE]):
            with self.subTest(arguments):
                self.link(*arguments, status=2)
        self.assertEqual(server.requests(), [])

    def test_not_there(self):
        server = self.serve(speed=0)
        self.link(UNKNOWN, status=1)
        self.assertIn(UNKNOWN, self.said)

        self.link(WHEEL, status=1)
        self.assertIn(f'millpond download {WHEEL}', self.said)
        self.link('--type=audio', RIPPLES, status=1)
        self.assertEqual(server.requests('api', method='POST'), [], 'it has nothing made')

        self.assertEqual(self.run_it('download', '--no-wait', KOI).status, 0)
        self.link(KOI, status=1)
        self.assertIn('still', self.said)

    def test_failed_file(self):
        self.serve()
        self.download(SNOW, status=1)
        self.link(SNOW, status=1)
        self.assertIn('could not', self.said)

    def test_account(self):
        self.serve(connect=False)
        self.link(PRIVATE, status=3)

        server = self.serve(videos=[private_video()])
        self.link(PRIVATE, status=3, CLOUDFLARE_API_TOKEN='cfut_' + 40 * '0')
        self.link(PRIVATE, status=3, CLOUDFLARE_API_TOKEN=server.read_token)


class Downloads(Case):

    def test_without_account(self):
        """The link's own token is enough, and is kept nowhere."""
        self.serve(videos=[private_video()])
        link = self.link(PRIVATE)
        for name in 'CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_ACCOUNT_ID':
            del self.environment[name]
        result = self.download(link, G_MESSAGES_DEBUG='all')

        self.assert_saved(result, PRIVATE, content=harness.digest(sample(FIREFLIES)))
        self.assertNotIn(get_token(link), result.out + result.err)
        for path, content in self.everything():
            self.assertNotIn(get_token(link).encode(), content, path)

    def test_expired(self):
        server = self.serve(videos=[private_video()])
        link = self.link('--expires=1s', PRIVATE)
        for name in 'CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_ACCOUNT_ID':
            del self.environment[name]
        harness.until(lambda: time.time() > get_claims(link)['exp'])
        failed = self.assert_failed(self.download(link, status=1), PRIVATE, 'link-refused')

        self.assertIn('expired', failed['message'])
        self.assertEqual(server.requests('media'), [])


class Keys(Case):
    """A signing key of the account's own, in a keyring that is a file."""

    def setUp(self):
        super().setUp()
        self.environment.update(SECRET_BACKEND='file', SECRET_FILE_TEST_PASSWORD='pond',
                                SECRET_FILE_TEST_PATH=os.path.join(self.root, 'test.keyring'))
        self.server = self.serve(connect=False, videos=[private_video()])
        result = self.run_it('account', 'add', f'--id={self.server.account}', '--name=Work', text=self.server.token)
        self.assertEqual(result.status, 0, result)

    def make_key(self):
        request = urllib.request.Request(f'{self.server.api_base}/accounts/{self.server.account}/stream/keys', b'',
                                         {'Authorization': 'Bearer ' + self.server.token})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)['result']

    def key(self, *arguments, status=0, text=''):
        result = self.run_it('account', 'key', *arguments, f'--id={self.server.account}', text=text)
        self.assertEqual(result.status, status, result)

        return result

    def tokens(self):
        return len([entry for entry in self.server.requests('api', method='POST') if entry['path'].endswith('/token')])

    def test_forms(self):
        key = self.make_key()
        for text in key['pem'], key['jwk'], base64.b64decode(key['pem']).decode(), base64.b64decode(key['jwk']).decode():
            self.key('add', f'--key-id={key["id"]}', text=text)
            link = self.link('--allow-country=NL', PRIVATE)
            self.assert_link(link)
            self.assertEqual(get_claims(link)['kid'], key['id'])
        self.assertEqual(self.tokens(), 0)

    def test_download(self):
        key = self.make_key()
        self.key('add', f'--key-id={key["id"]}', text=key['jwk'])
        result = self.download(PRIVATE, G_MESSAGES_DEBUG='all')

        self.assert_saved(result, PRIVATE, content=harness.digest(sample(FIREFLIES)))
        self.assertEqual(self.tokens(), 0)
        secret = json.loads(base64.b64decode(key['jwk']))['d']
        for path, content in self.everything():
            for text in key['pem'], key['jwk'], secret, 'PRIVATE KEY', 'eyJ':
                self.assertNotIn(text.encode(), content, path)
        self.assertNotIn('eyJ', result.out + result.err)

    def test_remove(self):
        key = self.make_key()
        self.key('add', f'--key-id={key["id"]}', text=key['pem'])
        self.key('remove')
        self.assert_link(self.link(PRIVATE))
        self.assertEqual(self.tokens(), 1)

        self.key('remove')

    def test_gone_with_account(self):
        key = self.make_key()
        self.key('add', f'--key-id={key["id"]}', text=key['pem'])
        self.assertEqual(self.run_it('account', 'remove', self.server.account).status, 0)
        self.run_it('account', 'add', f'--id={self.server.account}', text=self.server.token)
        self.assert_link(self.link(PRIVATE))
        self.assertEqual(self.tokens(), 1)

    def test_revoked(self):
        """A key that Stream no longer takes is found out by delivery."""
        key = self.make_key()
        self.key('add', f'--key-id={key["id"]}', text=key['pem'])
        request = urllib.request.Request(
            f'{self.server.api_base}/accounts/{self.server.account}/stream/keys/{key["id"]}', method='DELETE',
            headers={'Authorization': 'Bearer ' + self.server.token})
        urllib.request.urlopen(request).close()

        self.assert_failed(self.download(PRIVATE, status=1), PRIVATE, 'link-refused')

    def test_refused(self):
        key = self.make_key()
        self.key('add', f'--key-id={key["id"]}', text='', status=1)
        result = self.key('add', '--key-id=another', text=key['jwk'], status=1)
        self.assertNotIn(key['jwk'], result.err)
        self.key('add', f'--key-id={key["id"]}', text=key['pem'] * 20, status=1)
        self.key('add', text=key['pem'], status=2)
        self.key('remove', f'--key-id={key["id"]}', status=2)
        self.key('frobnicate', status=2)

        result = self.run_it('account', 'key', 'add', '--id=' + 32 * 'a', f'--key-id={key["id"]}', text=key['pem'])
        self.assertEqual(result.status, 3, result)


if __name__ == '__main__':
    harness.main()
