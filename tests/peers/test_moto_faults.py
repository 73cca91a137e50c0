"""Kiroster against moto behind a proxy that makes faults: killed anywhere, and with lost answers. Without seats, mails and
updates, which moto does not know. KIROSTER_FULL=1 runs both at full size.
"""

import collections
import json
import os
import random
import shutil
import subprocess
import time

from faults import Faults, Proxy
from test_moto import KIROSTER, REGION, Moto as Base

FULL = bool(os.environ.get("KIROSTER_FULL"))
AGREED = ["--ack", "add_users=99999", "--ack", "remove_users=99999", "--ack", "remove_memberships=99999"]


class Behind(Base):
    # What the base class tests is tested there.
    test_users_groups_and_memberships_come_and_go = None
    test_seats_that_cannot_be_read_stop_the_run = None
    test_a_lot_of_people_are_all_found_again = None

    def proxy(self, **faults):
        proxy = Proxy(int(self.url.rpartition(":")[2]), Faults(**faults))
        self.addCleanup(proxy.close)
        return proxy

    def environment(self, url):
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AWS_ENDPOINT_URL": url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def apply(self, url, *more):
        command = [KIROSTER, "apply", "--no-seats", "--yes", "-f", "kiro.yaml", *AGREED, *more]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment(url),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def roster(self, people):
        users = {
            f"user{n:04}": {
                "given_name": "User",
                "family_name": str(n),
                "email": f"user{n:04}@example.com",
                "groups": ["everyone"],
            }
            for n in range(people)
        }
        roster = {"version": 1, "groups": {"everyone": {}}, "users": users}
        (self.folder / "kiro.yaml").write_text(json.dumps(roster))

    def arrived(self, proxy, people):
        self.assertEqual(len(self.all_users()), people)
        made = collections.Counter()
        for operation, status, body in proxy.calls:
            if operation in ("CreateUser", "CreateGroup", "CreateGroupMembership") and status == 200:
                key = body.get("UserName") or body.get("DisplayName") or (body["GroupId"], body["MemberId"]["UserId"])
                made[operation, key] += 1
        self.assertEqual(len(made), 1 + people * 2)
        self.assertEqual({key: n for key, n in made.items() if n > 1}, {}, "made twice")
        run = self.kiroster("plan", "--no-seats", "--detailed-exitcode", "--max-rps", "300", "-f", "kiro.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def all_users(self):
        pages = self.identity.get_paginator("list_users").paginate(IdentityStoreId=self.store)
        return [user for page in pages for user in page["Users"]]

    def test_killed_anywhere_the_same_command_goes_on(self):
        chance = random.Random(1)
        for _ in range(20 if FULL else 3):
            # A new store each time: moto's is emptied, and the ledger, which would know of people in it, is moved away.
            shutil.rmtree(self.folder / ".kiroster", ignore_errors=True)
            for group in self.identity.list_groups(IdentityStoreId=self.store)["Groups"]:
                self.identity.delete_group(IdentityStoreId=self.store, GroupId=group["GroupId"])
            for user in self.all_users():
                self.identity.delete_user(IdentityStoreId=self.store, UserId=user["UserId"])
            people = 150 if FULL else 40
            self.roster(people)
            proxy = self.proxy()
            process = self.apply(proxy.url, "--max-rps", "150")
            calls = chance.randrange(people * 2)
            while len(proxy.calls) < calls and process.poll() is None:
                time.sleep(0.002)
            process.kill()
            process.communicate()
            process = self.apply(proxy.url, "--max-rps", "150")
            said, _ = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, said)
            self.arrived(proxy, people)

    def test_errors_lost_answers_and_throttling_lose_nothing_and_double_nothing(self):
        people = 1000 if FULL else 100
        self.roster(people)
        proxy = self.proxy(
            seed=3, error_before=0.05, error_after=0.05, drop_after=0.05, rate=20 if FULL else 60
        )
        pace = [] if FULL else ["--max-rps", "57"]
        process = self.apply(proxy.url, *pace)
        said, _ = process.communicate(timeout=900)
        self.assertEqual(process.returncode, 0, said)
        made = proxy.faults.made
        self.assertGreater(min(made["error_before"], made["error_after"], made["drop_after"]), 0, made)
        proxy.faults = Faults()
        self.arrived(proxy, people)


del Base

if __name__ == "__main__":
    import unittest

    unittest.main(verbosity=2)
