# SPDX-License-Identifier: GPL-3.0-or-later

"""Videos and answers that lead to a failure, with its code, or to waiting, with its reason."""

import http.server
import os
import socket
import ssl
import threading

import harness
from harness import BROKEN, CLOUDS, KOI, NIGHT, RIPPLES, SNOW, UNKNOWN, WHEEL

API = {'host': 'api'}
FILE = {'host': 'media', 'path': '/signed/*'}
LINK = {'host': 'media', 'path': '*/downloads/*'}
HTML = '<!DOCTYPE html><html><body>Please sign in to the hotel network</body></html>'


def rule(match, times=None, **do):
    return {'match': match | ({'times': times} if times else {}), 'do': do}


class Videos(harness.Case):

    def test_unknown(self):
        self.serve()
        result = self.download(UNKNOWN, RIPPLES, status=1)

        self.assert_failed(result, UNKNOWN, 'not-found')
        self.assert_saved(result, RIPPLES)

    def test_encoding_error(self):
        self.serve()
        result = self.download(SNOW, status=1)

        self.assert_failed(result, SNOW, 'encoding-failed')
        self.assertEqual(self.rows('status')[0]['code'], 'encoding-failed')

    def test_in_error(self):
        server = self.serve()
        failed = self.assert_failed(self.download(BROKEN, status=1), BROKEN, 'encoding-failed')

        self.assertIn('corrupted or malformed', failed['message'])
        self.assertEqual(server.requests('api', method='POST'), [])

    def test_still_processed(self):
        self.serve(speed=8)
        result = self.download(CLOUDS)

        self.assertIn('not-ready', [event.get('reason') for event in result.of('state')])
        self.assert_saved(result, CLOUDS)

    def test_long_recording(self):
        uid = '7e0c0000000000000000000000000001'
        server = self.serve(videos=[{'uid': uid, 'title': 'A night of rain', 'like': RIPPLES, 'duration': 15000,
                                     'live_input': 'ab' * 16}])
        self.assert_failed(self.download(uid, status=1), uid, 'not-downloadable')

        self.assertEqual(server.requests('api', method='POST'), [])

    def test_broadcast(self):
        uid = '7e0c0000000000000000000000000002'
        self.serve(videos=[{'uid': uid, 'title': 'Live', 'state': 'live-inprogress', 'live_input': 'ab' * 16}])
        running = self.start('download', '--json', uid)

        self.assertEqual(running.wait_for_state('waiting')['reason'], 'not-ready')
        self.assertEqual([row['state'] for row in self.rows('status')], ['waiting'])


class Answers(harness.Case):
    """What the API says on a bad day."""

    def test_html_for_json(self):
        self.serve(rules=[rule(API, body=HTML)])
        result = self.download(KOI, status=1)

        self.assert_failed(result, KOI, 'protocol')
        self.assertIn('waiting', result.states())

    def test_html_for_json_once(self):
        self.serve(rules=[rule(API, times=1, body=HTML)])

        self.assert_saved(self.download(KOI), KOI)

    def test_html_with_502(self):
        self.serve(rules=[rule(API, times=2, status=502, body=HTML)])

        self.assert_saved(self.download(KOI), KOI)

    def test_no_sense(self):
        for body in 'null', '[]', '{"success":true}', '{"success":true,"result":{"uid":7}}', '{' * 100_000:
            with self.subTest(body[:40]):
                self.serve(rules=[rule(API, body=body, content_type='application/json')])
                self.assertEqual(self.run_it('browse').status, 1)

    def test_rate_limit(self):
        self.serve(rules=[rule(API | {'nth': 2}, status=429, code=971, headers={'Retry-After': '3'})])
        running = self.start('download', '--json', KOI)
        event = running.wait_for_state('waiting')

        self.assertEqual(event['reason'], 'rate-limit')
        self.assertTrue(2 < event['retry_in'] <= 4, event)
        self.assert_saved(running.end(), KOI)

    def test_rate_limit_stops_the_account(self):
        """After a 429 nothing is asked for any video before Retry-After is over."""
        server = self.serve(rules=[rule(API | {'nth': 4}, status=429, headers={'Retry-After': '4'})])
        result = self.download(KOI, WHEEL, NIGHT)
        self.assertEqual(len(result.of('saved')), 3, result)

        asked = server.requests('api')
        moment = next(entry['at'] for entry in asked if entry['status'] == 429)
        # What was under way together with the refused one may still come in.
        self.assertEqual([entry for entry in asked if moment + 0.5 < entry['at'] < moment + 3.9], [])

    def test_unavailable(self):
        server = self.serve(rules=[rule(API, times=1, status=503, headers={'Retry-After': '3'})])
        running = self.start('download', '--json', KOI)
        event = running.wait_for_state('waiting')

        self.assertEqual(event['reason'], 'retry')
        self.assertTrue(2 < event['retry_in'] <= 4, event)
        self.assert_saved(running.end(), KOI)
        first, second = server.requests('api')[:2]
        self.assertGreaterEqual(second['at'] - first['at'], 3)

    def test_hang_up(self):
        self.serve(rules=[rule(API, times=2, drop=True)])

        self.assert_saved(self.download(KOI), KOI)

    def test_redirect_elsewhere(self):
        """The token goes to the API and nowhere else."""
        other = OtherHost(self)
        server = self.serve(rules=[rule(API, redirect=other.base + '/client/v4/elsewhere')])
        result = self.download(KOI, status=1)

        self.assert_failed(result, KOI, 'protocol')
        self.assertNotEqual(self.run_it('browse').status, 0)
        self.assertNotIn(server.token, str(other.headers))
        self.assertEqual([headers for headers in other.headers if 'Authorization' in headers], [])


class OtherHost:
    """A host that keeps the headers of what it is asked."""

    def __init__(self, case, content=b'{}'):
        headers = self.headers = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                headers.append(dict(self.headers))
                self.send_response(200)
                self.send_header('Content-Length', str(len(content)))
                self.send_header('ETag', '"koi"')
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05})
        thread.start()
        case.addCleanup(thread.join)
        case.addCleanup(server.server_close)
        case.addCleanup(server.shutdown)
        self.base = f'http://127.0.0.1:{server.server_port}'


class Delivery(harness.Case):
    """What delivery does on a bad day."""

    def test_html_is_no_video(self):
        self.serve(rules=[rule(FILE, body=HTML)])
        result = self.download(RIPPLES, status=1)

        self.assert_failed(result, RIPPLES, 'corrupt')
        self.assertEqual(self.files(), [])

    def test_text_is_no_video(self):
        """Nor when it says that it is one."""
        self.serve(rules=[rule(FILE, body='x' * 5000, content_type='video/mp4')])
        result = self.download(RIPPLES, status=1)

        self.assert_failed(result, RIPPLES, 'corrupt')
        self.assertEqual(self.files(), [])

    def test_other_video(self):
        """A whole MP4, but ten minutes long instead of some seconds."""
        self.serve(rules=[rule(FILE, file=NIGHT)])
        result = self.download(RIPPLES, status=1)

        self.assert_failed(result, RIPPLES, 'corrupt')
        self.assertEqual(self.files(), [])

    def test_html_once(self):
        self.serve(rules=[rule(FILE, times=1, body=HTML)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_cut_off(self):
        self.serve(rules=[rule(FILE, truncate_to=100_000)])
        result = self.download(RIPPLES, status=1)

        self.assert_failed(result, RIPPLES, 'corrupt')
        self.assertEqual(self.files(), [])

    def test_cut_off_once(self):
        self.serve(rules=[rule(FILE, times=1, truncate_to=100_000)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_announced_longer(self):
        self.serve(rules=[rule(FILE, times=1, length_delta=1000)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_announced_shorter(self):
        self.serve(rules=[rule(FILE, times=1, length_delta=-1000)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_always_announced_shorter(self):
        self.serve(rules=[rule(FILE, length_delta=-1000)])
        result = self.download(RIPPLES, status=1)

        self.assert_failed(result, RIPPLES, 'corrupt')
        self.assertEqual(self.files(), [])

    def test_without_length(self):
        self.serve(rules=[rule(FILE, chunked=True)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_cut_off_without_length(self):
        self.serve(rules=[rule(FILE, times=1, chunked=True, drop_after=100_000)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_drops(self):
        server = self.serve(rules=[rule(FILE, drop_after=100_000)])
        result = self.download(RIPPLES)
        saved = self.assert_saved(result, RIPPLES)

        self.assertEqual(saved['resumed_from'], 400_000)
        sent, n_answers = server.delivered(RIPPLES)
        self.assertEqual(n_answers, 5)
        self.assertEqual(sent, os.path.getsize(saved['path']), 'no byte comes twice')

    def test_resets(self):
        """What a reset takes along may have to come again, but it ends right."""
        self.serve(rules=[rule(FILE, times=3, drop_after=150_000, reset=True)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_ignored_range(self):
        self.serve(rules=[rule(FILE, times=1, drop_after=200_000), rule(FILE, ignore_range=True)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_changed_file(self):
        """After the first drop the file is another one."""
        self.serve(rules=[rule(FILE, times=1, drop_after=200_000, file=NIGHT, etag='"old"')])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_late(self):
        """Delivery knows the file a while after the API calls it ready."""
        self.serve(rules=[rule(LINK, times=2, status=404)])

        self.assert_saved(self.download(RIPPLES), RIPPLES)

    def test_refused(self):
        self.serve(rules=[rule(LINK, status=403)])

        self.assert_failed(self.download(RIPPLES, status=1), RIPPLES, 'link-refused')

    def test_made_no_file(self):
        self.serve(rules=[rule(LINK, status=424)])

        self.assert_failed(self.download(RIPPLES, status=1), RIPPLES, 'encoding-failed')

    def test_unavailable(self):
        server = self.serve(rules=[rule(FILE, times=1, status=503, headers={'Retry-After': '3'})])
        running = self.start('download', '--json', RIPPLES)

        event = running.wait_for_state('waiting')
        self.assertEqual(event['reason'], 'retry')
        self.assertTrue(2 < event['retry_in'] <= 4, event)
        self.assert_saved(running.end(), RIPPLES)
        first, second = [entry for entry in server.requests('media') if '/signed/' in entry['path']][:2]
        self.assertGreaterEqual(second['at'] - first['at'], 3)

    def test_redirect_loop(self):
        server = self.serve(rules=[rule(LINK, redirect='loop')])

        self.assert_failed(self.download(RIPPLES, status=1), RIPPLES, 'protocol')
        self.assertLess(len(server.requests('media')), 40)

    def test_redirect_to_file(self):
        self.serve(rules=[rule(LINK, redirect='file://' + harness.sample(RIPPLES))])

        self.assert_failed(self.download(RIPPLES, status=1), RIPPLES, 'protocol')

    def test_redirect_elsewhere(self):
        """Delivery may send us to any host, which never sees the token."""
        with open(harness.sample(RIPPLES), 'rb') as file:
            other = OtherHost(self, file.read())
        self.serve(rules=[rule(LINK, redirect=other.base + '/ripples.mp4')])

        self.assert_saved(self.download(RIPPLES), RIPPLES)
        self.assertEqual(len(other.headers), 1)
        self.assertNotIn('Authorization', other.headers[0])


class Network(harness.Case):

    def test_comes_up_later(self):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            port = free.getsockname()[1]
        about = harness.Server()
        self.servers.append(about)
        self.environment |= {'CLOUDFLARE_API_TOKEN': about.token, 'CLOUDFLARE_ACCOUNT_ID': about.account,
                             'MILLPOND_API_BASE': f'http://127.0.0.1:{port}/client/v4'}
        running = self.start('download', '--json', KOI)
        self.assertIn(running.wait_for_state('waiting')['reason'], ('retry', 'network'))

        server = self.serve(port=port)
        self.assertEqual(server.token, about.token)
        self.assert_saved(running.end(), KOI)


class Tls(harness.Case):

    def serve_tls(self):
        """Puts TLS, with a certificate that nobody has signed, before a sample server's API."""
        server = self.serve()
        certificate = os.path.join(harness.SOURCE, 'tests', 'transfer', 'server.pem')
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        listener = socket.create_server(('127.0.0.1', 0))
        host, port = server.api_base.split('/')[2].split(':')
        thread = threading.Thread(target=accept, args=(listener, context, (host, int(port))))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(listener.close)
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)
        path = server.api_base.split('/', 3)[3]
        self.environment['MILLPOND_API_BASE'] = f'https://127.0.0.1:{listener.getsockname()[1]}/{path}'

        return certificate, server

    def test_not_trusted(self):
        _, server = self.serve_tls()

        self.assert_failed(self.download(RIPPLES, status=1), RIPPLES, 'tls')
        self.assertEqual(server.requests(), [])

    def test_trusted(self):
        certificate, _ = self.serve_tls()

        self.assert_saved(self.download(RIPPLES, SSL_CERT_FILE=certificate), RIPPLES)


def accept(listener, context, target):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=relay, args=(connection, context, target), daemon=True).start()


def relay(connection, context, target):
    try:
        with context.wrap_socket(connection, server_side=True) as near, \
                socket.create_connection(target) as far:
            back = threading.Thread(target=pump, args=(far, near), daemon=True)
            back.start()
            pump(near, far)
            back.join()
    except OSError:
        pass


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


harness.main(together=8)
