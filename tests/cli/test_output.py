# SPDX-License-Identifier: GPL-3.0-or-later

"""What commands print: JSON Lines with the contract's keys, plain lines, and a terminal's progress."""

import collections
import datetime
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import harness
from harness import BIG, KOI, NIGHT, RIPPLES, SNOW, WHEEL

NUMBER = (int, float)
KEYS = {
    'state': {'event': str, 'video': str, 'type': str, 'state': str},
    'saved': {'event': str, 'video': str, 'type': str, 'path': str, 'bytes': int, 'duration': NUMBER,
              'resumed_from': int},
    'failed': {'event': str, 'video': str, 'type': str, 'code': str, 'message': str},
}
MORE = {
    'preparing': {'percent': NUMBER},
    'waiting': {'reason': str, 'retry_in': NUMBER},
}


class Json(harness.Case):

    def check_keys(self, entry, keys):
        self.assertEqual(set(entry), set(keys), entry)
        for key, kind in keys.items():
            self.assertIsInstance(entry[key], kind, entry)

    def check_event(self, event):
        keys = dict(KEYS[event['event']])
        if event['event'] == 'state':
            self.assertIn(event['state'], harness.STATES)
            keys.update(MORE.get(event['state'], {}))
        if event.get('state') == 'downloading':
            keys['bytes'] = int
            if 'total' in event:
                keys['total'] = int
                self.assertLessEqual(event['bytes'], event['total'])
        if event.get('state') == 'preparing':
            self.assertTrue(0 <= event['percent'] <= 100, event)
        if event.get('state') == 'waiting':
            self.assertIn(event['reason'], harness.REASONS)
            self.assertGreaterEqual(event['retry_in'], 0)
        self.assertIn(event['type'], ('default', 'audio'))
        self.check_keys(event, keys)

    def test_events(self):
        self.serve(speed=4, rules=[{'match': {'host': 'api', 'nth': 3}, 'do': {'status': 502}},
                                   slow_file(NIGHT)])
        result = self.download(KOI, NIGHT, SNOW, status=1)

        for event in result.events:
            self.check_event(event)
        self.assert_saved(result, KOI)
        self.assert_saved(result, NIGHT)
        self.assert_failed(result, SNOW, 'encoding-failed')
        for uid in KOI, NIGHT, SNOW:
            last = [event for event in result.events if event['video'] == uid][-1]
            self.assertIn(last['event'], ('saved', 'failed'))

    def test_order(self):
        """Bytes and percent grow; what comes later on the way is not before what comes earlier."""
        self.serve(speed=3, rules=[slow_file(NIGHT)])
        result = self.download(NIGHT)
        order = ['queued', 'enabling', 'preparing', 'queued', 'downloading', 'checking']
        place = 0
        for state in result.states(NIGHT):
            self.assertIn(state, order[place:], result.states(NIGHT))
            place = order.index(state, place)

        states = result.of('state', NIGHT)
        for key in 'percent', 'bytes':
            values = [event[key] for event in states if key in event]
            self.assertGreater(len(set(values)), 2, values)
            self.assertEqual(values, sorted(values))

    def test_at_most_four_a_second(self):
        self.serve(speed=2, rules=[slow_file(NIGHT, 400_000), slow_file(RIPPLES, 150_000)])
        running = self.start('download', '--json', NIGHT, RIPPLES, KOI)
        self.assertEqual(running.end().status, 0)

        times = collections.defaultdict(list)
        for line, moment in zip(running.lines, running.times):
            event = json.loads(line)
            if event['event'] == 'state':
                times[event['video']].append(moment)
        self.assertGreater(len(times[NIGHT]), 8)
        for uid, moments in times.items():
            # A reader sees a line a little later than it was written, and not always the same little.
            for first, fifth in zip(moments, moments[4:]):
                self.assertGreater(fifth - first, 0.85, uid)

    def test_lists(self):
        server = self.serve()
        self.download(RIPPLES)

        entries = self.rows('list')
        self.assertEqual(len(entries), 1)
        self.assertLessEqual({'video', 'type', 'title', 'path', 'bytes', 'duration', 'saved_at', 'position',
                              'watched'}, set(entries[0]))
        self.assertEqual(entries[0]['video'], RIPPLES)
        self.assertEqual(entries[0]['type'], 'default')
        self.assertEqual(entries[0]['title'], 'Ripples at dusk')
        self.assertEqual(entries[0]['bytes'], os.path.getsize(entries[0]['path']))
        self.assertIs(entries[0]['watched'], False)
        self.assertEqual(entries[0]['position'], 0)
        saved_at = datetime.datetime.fromisoformat(entries[0]['saved_at'])
        self.assertLess(abs(saved_at.timestamp() - time.time()), 60)
        self.assertEqual(len(self.rows('list', 'RIPPLES')), 1)
        self.assertEqual(self.rows('list', 'something else'), [])

        entries = {entry['video']: entry for entry in self.rows('browse')}
        self.assertEqual(set(entries), set(harness.VIDEOS))
        for uid, entry in entries.items():
            self.assertEqual(set(entry), {'video', 'title', 'state', 'duration', 'created', 'private', 'saved'})
            self.assertEqual(entry['title'], harness.VIDEOS[uid]['title'])
            self.assertIs(entry['private'], harness.VIDEOS[uid].get('require_signed_urls', False))
            self.assertIs(entry['saved'], uid == RIPPLES)
        self.assertEqual(len(self.rows('browse', '--limit=2')), 2)
        self.assertEqual([entry['video'] for entry in self.rows('browse', '--search=koi')], [KOI])
        self.assertEqual(server.delivered()[1], 1)

    def test_browse_all_pages(self):
        """The API gives at most a thousand videos at once."""
        copies = {'title': 'Copy', 'like': RIPPLES, 'copies': 1500, 'created_step': 0.4}
        server = self.serve(videos=[copies])
        entries = self.rows('browse')

        self.assertEqual(len(entries), 1500 + len(harness.VIDEOS))
        self.assertEqual(len({entry['video'] for entry in entries}), len(entries))
        self.assertLess(len(server.requests('api')), 8)

    def test_verify(self):
        self.serve()
        result = self.download(RIPPLES, KOI, WHEEL, '--type=audio', '--type=default')
        paths = {(event['video'], event['type']): event['path'] for event in result.of('saved')}

        self.assertEqual({entry['result'] for entry in self.rows('verify')}, {'ok'})

        os.unlink(paths[RIPPLES, 'default'])
        with open(paths[KOI, 'default'], 'ab') as file:
            file.write(b'more')
        with open(paths[WHEEL, 'default'], 'r+b') as file:
            file.write(bytes(4096))
        entries = self.rows('verify', status=1)
        found = {(entry['video'], entry['type']): entry for entry in entries}
        self.assertEqual(set(found), set(paths))
        for entry in entries:
            self.assertEqual(set(entry), {'video', 'type', 'path', 'result'})
            self.assertEqual(entry['path'], paths[entry['video'], entry['type']])
        self.assertEqual(found[RIPPLES, 'default']['result'], 'missing')
        self.assertEqual(found[KOI, 'default']['result'], 'changed')
        self.assertEqual(found[WHEEL, 'default']['result'], 'corrupt')
        self.assertEqual(found[WHEEL, 'audio']['result'], 'ok')

        self.assertEqual(len(self.rows('verify', KOI, status=1)), 2)
        self.assertEqual(self.rows('verify', NIGHT, status=1), [])

    def test_remove(self):
        server = self.serve()
        self.download(RIPPLES, KOI)
        path = self.rows('list', RIPPLES)[0]['path']

        self.assertEqual(self.run_it('remove', RIPPLES).status, 0)
        self.assertFalse(os.path.exists(path))
        self.assertEqual([entry['video'] for entry in self.rows('list')], [KOI])
        self.assertEqual(self.run_it('remove', RIPPLES).status, 1)

        path = self.rows('list', KOI)[0]['path']
        self.assertEqual(self.run_it('remove', '--keep-file', KOI).status, 0)
        self.assertTrue(os.path.exists(path))
        self.assertEqual(server.requests('api', method='DELETE'), [])

        # One that was removed can come again.
        self.assert_saved(self.download(RIPPLES), RIPPLES)


def slow_file(uid, bytes_per_second=1_000_000):
    return harness.slow(bytes_per_second, video=uid)


class Plain(harness.Case):

    def test_lines(self):
        self.serve(speed=5)
        result = self.run_it('download', KOI, SNOW)

        self.assertEqual(result.status, 1, result)
        lines = result.out.splitlines()
        self.assertTrue(any('Koi' in line and f'[{KOI}].mp4' in line for line in lines), result)
        self.assertIn('Mühle im Schnee', result.err)
        self.assertNotIn('\x1b', result.out + result.err)
        self.assertNotIn('\r', result.out + result.err)

        # One line a change of state, not more.
        self.assertEqual(len(lines), len(set(lines)), result)
        self.assertLess(len(lines), 14, result)

    def test_lists(self):
        self.serve()
        self.download(RIPPLES)

        for arguments in ['list'], ['browse'], ['status'], ['verify']:
            with self.subTest(arguments):
                result = self.run_it(*arguments)
                self.assertEqual(result.status, 0, result)
                self.assertIn('ipples at dusk', result.out)
                self.assertNotIn('\x1b', result.out)

    def test_reader_that_leaves(self):
        """`millpond browse | head -1` is no crash."""
        self.serve(videos=[{'title': 'Copy', 'like': RIPPLES, 'copies': 900, 'created_step': 1}])
        process = subprocess.Popen([harness.MILLPOND, 'browse'], stdout=subprocess.PIPE, env=self.environment)
        process.stdout.readline()
        process.stdout.close()

        self.assertIn(process.wait(harness.PATIENCE), (0, -13))


class Terminal(harness.Case):

    def draw(self, *arguments, columns=60):
        """Runs a command on a terminal and returns what it draws there."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        process = subprocess.Popen([harness.MILLPOND, *arguments], stdin=slave, stdout=slave,
                                   stderr=subprocess.DEVNULL, env=self.environment | {'TERM': 'xterm'})
        os.close(slave)
        drawn = b''
        deadline = time.monotonic() + harness.PATIENCE
        while time.monotonic() < deadline:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    drawn += os.read(master, 65536)
                except OSError:  # the last one has closed it
                    break
        os.close(master)
        self.addCleanup(process.kill)

        return process.wait(harness.PATIENCE), drawn.decode()

    def test_progress(self):
        self.serve(rules=[slow_file(BIG, 6_000_000)], videos=[harness.big_video()])
        status, drawn = self.draw('download', BIG, KOI)

        self.assertEqual(status, 0, drawn)
        self.assertIn('\x1b[', drawn, 'lines are drawn over')
        percents = [int(found) for found in re.findall(r'A long day 01: +(\d+) %', drawn)]
        self.assertGreater(len(percents), 3, drawn)
        self.assertEqual(percents, sorted(percents))
        self.assertIn(f'[{BIG}].mp4', drawn)

        # Lines longer than the terminal would be drawn over only in part.
        for line in re.split(r'\x1b\[A|\x1b\[2K|\r?\n', drawn):
            if 'saved as' not in line:
                self.assertLess(len(line), 60, line)

    def test_nothing_stays(self):
        """When all is done, what was drawn is gone and one line a video is left."""
        self.serve()
        status, drawn = self.draw('download', KOI)

        self.assertEqual(status, 0)
        self.assertEqual(drawn.count('saved as'), 1)
        self.assertIn('saved as', [line for line in drawn.splitlines() if line.strip('\x1b[A2K\r')][-1])


harness.main()
