# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the built millpond against the sample server, as a stranger would: by its command line alone."""

import concurrent.futures
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.dirname(os.environ['G_TEST_BUILDDIR'])
MILLPOND = os.path.join(BUILD, 'src', 'millpond')
SERVER = os.path.join(BUILD, 'src', 'demo', 'pond-demo-server')
SAMPLES = os.path.join(SOURCE, 'data', 'samples')

PATIENCE = 45  # seconds that anything may take on a busy machine
MIB = 1024 * 1024

RIPPLES = '6b1d0c3a9f2e47d8b5a4c7e210f3968d'    # enabled from the start
WHEEL = 'c40e7d92a1b84f36958d2e6f7b01a35c'
NIGHT = '1e85f0ab4c6d4d21b3970a5f8ce264d7'      # ten minutes long
KOI = 'f7a2390e5d1c4b8c8e60d94b73a1c52f'
FIREFLIES = '93d6b81f0e7a42c5a1f84d0c2b6e579a'  # private
RAIN = '2ac9574e83f0416db7d51c8ae9340f6b'       # its audio is enabled from the start
CLOUDS = '8f31d5c07b9e4a64920ce7a45d18b3f2'     # still being processed
BOAT = 'd05b6e1a72c84f9fa3e4190d8c7f2b46'       # has captions
TIDES = '47ce8a90d3b14e0db6f2583a1c9d7e04'      # its title can't be a file name
SNOW = 'b98e02f6417d4c3aae5b60c3f1d2a78e'       # its encode ends with an error
BROKEN = '5d7f13b8e60a4295c8fa0e2d91b46c37'     # in error from the start
UNKNOWN = '0123456789abcdef0123456789abcdef'

BIG = 'ba5e0000000000000000000000000001'
BIG_BYTES = 12 * MIB

STATES = ('queued', 'enabling', 'preparing', 'downloading', 'checking', 'saved', 'paused', 'waiting', 'failed')
REASONS = ('not-ready', 'network', 'metered', 'rate-limit', 'retry', 'disk-full', 'sign-in', 'schedule')


def read_videos():
    with open(os.path.join(SAMPLES, 'samples.json'), encoding='utf-8') as file:
        return {video['uid']: video for video in json.load(file)}


VIDEOS = read_videos()


def sample(uid, kind='default'):
    """The path of a sample video's file."""
    return os.path.join(SAMPLES, VIDEOS[uid]['file' if kind == 'default' else 'audio'])


def digest(path):
    with open(path, 'rb') as file:
        return hashlib.file_digest(file, 'sha256').hexdigest()


def big_video(uid=BIG, **more):
    """A sample video filled up to a size that takes a while on a slow connection."""
    video = {'uid': uid, 'title': 'A long day ' + uid[-2:], 'like': RIPPLES, 'file_size': BIG_BYTES,
             'enabled': ['default'], 'captions': []}
    video.update(more)

    return video


def slow(bytes_per_second, **match):
    """A rule that makes delivery slow."""
    return {'match': {'host': 'media', 'path': '/signed/*', **match},
            'do': {'bytes_per_second': bytes_per_second}}


def until(condition, what='a condition', seconds=PATIENCE):
    """Waits until a condition holds, and returns its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)

    raise AssertionError(f'{what} did not come about within {seconds} s')


class Server:
    """A sample server."""

    def __init__(self, speed=20, rules=(), videos=(), port=0):
        arguments = [SERVER, '--samples', SAMPLES, '--speed', str(speed), '--port', str(port)]
        for video in videos:
            arguments += ['--video', json.dumps(video)]
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:
            json.dump(list(rules), file)
            file.flush()
            self.process = subprocess.Popen(arguments + ['--rules', file.name], stdout=subprocess.PIPE)
            line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise AssertionError('the sample server did not start')

        about = json.loads(line)
        self.api_base = about['api_base']
        self.media_base = about['media_base']
        self.account = about['account_id']
        self.token = about['token']
        self.read_token = about['read_token']
        self.account_token = about['account_token']

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def get(self, path):
        origin = '/'.join(self.api_base.split('/')[:3])
        with urllib.request.urlopen(origin + path) as answer:
            return answer.read()

    def requests(self, host=None, **wanted):
        """The log of requests, or those whose values are as wanted."""
        entries = json.loads(self.get('/__log'))

        return [entry for entry in entries
                if (host is None or entry['host'] == host)
                and not entry['path'].startswith('/__')
                and all(entry[key] == value for key, value in wanted.items())]

    def delivered(self, uid=None, kind='default'):
        """How many bytes of a video's file were sent, and over how many answers."""
        ending = '/default.mp4' if kind == 'default' else '/audio.m4a'
        sent = [entry['bytes_sent'] for entry in self.requests('media', method='GET')
                if '/signed/' in entry['path'] and entry['path'].endswith(ending)
                and (uid is None or uid in entry['path'])]

        return sum(sent), len(sent)

    def fetch_whole(self, uid):
        """SHA-256 of a file as the server has it; for videos that are no sample file."""
        with urllib.request.urlopen(f'{self.media_base}/{uid}/downloads/default.mp4') as answer:
            return hashlib.file_digest(answer, 'sha256').hexdigest()


class Result:
    """What a command that has ended left."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, event, video=None):
        return [found for found in self.events
                if found['event'] == event and video in (None, found['video'])]

    def states(self, video=None):
        """The states in their order, each once in a row."""
        states = [found['state'] for found in self.of('state', video)]

        return [state for i, state in enumerate(states) if i == 0 or states[i - 1] != state]

    def __str__(self):
        return f'status {self.status}\n-- out\n{self.out}\n-- err\n{self.err}'


class Running:
    """A command that runs."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self.times = []
        self.errors = []
        self.changed = threading.Condition()
        self.readers = [threading.Thread(target=self._read, args=(process.stdout, self.lines, self.times)),
                        threading.Thread(target=self._read, args=(process.stderr, self.errors, []))]
        for reader in self.readers:
            reader.start()

    def _read(self, stream, lines, times):
        for line in stream:
            with self.changed:
                lines.append(line)
                times.append(time.monotonic())
                self.changed.notify_all()
        stream.close()
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, wanted, seconds=PATIENCE):
        """Waits for an event, and returns it."""
        seen = 0
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                for line in self.lines[seen:]:
                    event = json.loads(line)
                    if wanted(event):
                        return event
                seen = len(self.lines)
                left = deadline - time.monotonic()
                if left <= 0 or not self.readers[0].is_alive():
                    raise AssertionError('the event did not come:\n' + ''.join(self.lines + self.errors))
                self.changed.wait(min(left, 1))

    def wait_for_state(self, state, **wanted):
        return self.wait_for(lambda event: event.get('state') == state
                             and all(event.get(key) == value for key, value in wanted.items()))

    def end(self, signal=None, seconds=PATIENCE):
        """Waits for its end, after a signal if there is one."""
        if signal is not None:
            self.process.send_signal(signal)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = 'none: it did not end'
        for reader in self.readers:
            reader.join()

        return Result(status, ''.join(self.lines), ''.join(self.errors))


class Case(unittest.TestCase):
    """A test in folders of its own."""

    def setUp(self):
        self.root = tempfile.mkdtemp(prefix='millpond-cli-')
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.library = os.path.join(self.root, 'library')
        self.servers = []
        self.running = []
        self.addCleanup(self._end_all)
        self.environment = {
            'PATH': os.environ['PATH'],
            'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent',
            'GSETTINGS_SCHEMA_DIR': os.path.join(BUILD, 'data'),
            'LC_ALL': 'C.UTF-8',
            'MILLPOND_DATADIR': os.path.join(SOURCE, 'data'),
            'MILLPOND_LIBRARY': self.library,
        }
        for name in ('G_DEBUG', 'GIO_USE_PROXY_RESOLVER', 'GIO_USE_VFS', 'GSETTINGS_BACKEND', 'MALLOC_PERTURB_',
                     'ASAN_OPTIONS', 'UBSAN_OPTIONS'):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        for name, folder in (('HOME', 'home'), ('XDG_CONFIG_HOME', 'config'), ('XDG_DATA_HOME', 'data'),
                             ('XDG_CACHE_HOME', 'cache'), ('XDG_STATE_HOME', 'state'),
                             ('XDG_RUNTIME_DIR', 'run')):
            self.environment[name] = os.path.join(self.root, folder)
            os.mkdir(self.environment[name], 0o700)

    def _end_all(self):
        for running in self.running:
            if running.process.poll() is None:
                running.process.kill()
            running.end()
        for server in self.servers:
            server.stop()

    def serve(self, connect=True, **how):
        """Starts a sample server, and makes its account the environment's."""
        server = Server(**how)
        self.servers.append(server)
        self.environment['MILLPOND_API_BASE'] = server.api_base
        if connect:
            self.environment['CLOUDFLARE_API_TOKEN'] = server.token
            self.environment['CLOUDFLARE_ACCOUNT_ID'] = server.account

        return server

    def start(self, *arguments, stdin=subprocess.DEVNULL, prefix=(), **environment):
        process = subprocess.Popen([*prefix, MILLPOND, *arguments], stdin=stdin, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.root,
                                   env=self.environment | environment)
        running = Running(process)
        self.running.append(running)

        return running

    def run_it(self, *arguments, text=None, seconds=PATIENCE, **environment):
        """Runs a command to its end."""
        if text is None:
            return self.start(*arguments, **environment).end(seconds=seconds)

        with tempfile.TemporaryFile('w+') as stdin:
            stdin.write(text)
            stdin.seek(0)
            return self.start(*arguments, stdin=stdin, **environment).end(seconds=seconds)

    def download(self, *arguments, status=0, **how):
        """Runs `download --json`, and checks its exit status."""
        result = self.run_it('download', '--json', *arguments, **how)
        self.assertEqual(result.status, status, result)

        return result

    def rows(self, *arguments, status=0, **environment):
        """Runs a command with --json, and returns the objects that it prints."""
        result = self.run_it(*arguments, '--json', **environment)
        self.assertEqual(result.status, status, result)

        return [json.loads(line) for line in result.out.splitlines()]

    def assert_saved(self, result, uid, kind='default', content=None):
        """One `saved` event, whose file is what the server has."""
        saved = [event for event in result.of('saved', uid) if event['type'] == kind]
        self.assertEqual(len(saved), 1, result)
        path = saved[0]['path']
        self.assertTrue(os.path.isabs(path), path)
        self.assertEqual(os.path.dirname(path), self.library)
        self.assertTrue(path.endswith(f' [{uid}].' + ('mp4' if kind == 'default' else 'm4a')), path)
        self.assertEqual(saved[0]['bytes'], os.path.getsize(path))
        self.assertEqual(digest(path), content or digest(sample(uid, kind)), path)
        self.assertEqual(self.parts(), [], 'nothing unfinished stays')

        return saved[0]

    def assert_failed(self, result, uid, code):
        failed = result.of('failed', uid)
        self.assertEqual(len(failed), 1, result)
        self.assertEqual(failed[0]['code'], code, result)
        self.assertTrue(failed[0]['message'], result)
        self.assertEqual(result.of('saved', uid), [], result)

        return failed[0]

    def parts(self):
        with contextlib.suppress(FileNotFoundError):
            return sorted(os.listdir(os.path.join(self.library, '.millpond', 'parts')))

        return []

    def files(self):
        """The names of what is in the library folder, but for its hidden folder."""
        with contextlib.suppress(FileNotFoundError):
            return sorted(name for name in os.listdir(self.library) if not name.startswith('.'))

        return []

    def everything(self):
        """All that lies below the folders of this test, with each file's content."""
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        yield path, file.read()


def run_case(case):
    result = unittest.TestResult()
    started = time.monotonic()
    case.run(result)

    return case, result, time.monotonic() - started


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def main(together=4):
    """Runs the cases of the program, some at a time since most of them wait most of the time, and prints their
    results as TAP."""
    cases = list(flatten(unittest.defaultTestLoader.loadTestsFromModule(__import__('__main__'))))
    chosen = os.environ.get('CASE')
    if chosen:
        cases = [case for case in cases if chosen in case.id()]

    print(f'1..{len(cases)}')
    with concurrent.futures.ThreadPoolExecutor(together) as pool:
        for number, (case, result, seconds) in enumerate(pool.map(run_case, cases), 1):
            name = case.id().removeprefix('__main__.')
            print('ok' if result.wasSuccessful() else 'not ok', number, name, end='')
            print(f' # SKIP {result.skipped[0][1]}' if result.skipped else '')
            for _, text in result.errors + result.failures:
                print('\n'.join('# ' + line for line in text.splitlines()))
            print(f'# {seconds:.1f} s', flush=True)
