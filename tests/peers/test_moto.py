"""Kiroster against moto's server: somebody else's idea of Identity Center.

moto has no UpdateUser, no ListApplications and no Kiro, so what can be asked of it is users, groups and memberships with
`--no-seats`; and, without it, that Kiroster stops and says that seats cannot be read.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import boto3

KIROSTER = os.environ["KIROSTER_BIN"]
REGION = "us-east-1"

ROSTER = """\
version: 1
groups:
  kiro-users: { description: Everyone with a seat }
  kiro-admins: { members: [ada] }
users:
  ada: { given_name: Ada, family_name: Lovelace, email: ada@example.com, groups: [kiro-users], title: Countess }
  grace: { given_name: Grace, family_name: Hopper, email: grace@example.com, groups: [kiro-users] }
"""

GONE = """\
version: 1
groups:
  kiro-users: { members: [ada] }
  kiro-admins: { state: absent }
users:
  grace: { state: absent, email: grace@example.com }
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Moto(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        port = free_port()
        server = pathlib.Path(sys.executable).with_name("moto_server")
        self.server = subprocess.Popen(
            [server, "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.addCleanup(self.server.wait)
        self.addCleanup(self.server.terminate)
        self.url = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(self.url + "/moto-api/", timeout=1)
                break
            except OSError:
                time.sleep(0.2)
        keys = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "test"}
        client = {"endpoint_url": self.url, "region_name": REGION, **keys}
        self.identity = boto3.client("identitystore", **client)
        self.store = boto3.client("sso-admin", **client).list_instances()["Instances"][0][
            "IdentityStoreId"
        ]

    def kiroster(self, *arguments):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "AKIATEST",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        run = subprocess.run(
            [KIROSTER, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return run

    def users(self):
        return {u["UserName"]: u for u in self.identity.list_users(IdentityStoreId=self.store)["Users"]}

    def members(self):
        found = set()
        groups = self.identity.list_groups(IdentityStoreId=self.store)["Groups"]
        names = {u["UserId"]: u["UserName"] for u in self.users().values()}
        for group in groups:
            listed = self.identity.list_group_memberships(
                IdentityStoreId=self.store, GroupId=group["GroupId"]
            )
            for membership in listed["GroupMemberships"]:
                # moto keeps the memberships of users who are gone; AWS does not.
                if user := names.get(membership["MemberId"]["UserId"]):
                    found.add((group["DisplayName"], user))
        return found

    def test_users_groups_and_memberships_come_and_go(self):
        (self.folder / "kiro.yaml").write_text(ROSTER)
        run = self.kiroster("apply", "--no-seats", "--yes", "-f", "kiro.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        users = self.users()
        self.assertEqual(set(users), {"ada", "grace"})
        self.assertEqual(users["ada"]["Name"]["GivenName"], "Ada")
        self.assertEqual(users["ada"]["DisplayName"], "Ada Lovelace")
        self.assertEqual(users["ada"]["Emails"][0]["Value"], "ada@example.com")
        self.assertEqual(users["ada"]["Title"], "Countess")
        self.assertEqual(
            self.members(),
            {("kiro-users", "ada"), ("kiro-users", "grace"), ("kiro-admins", "ada")},
        )

        run = self.kiroster("plan", "--no-seats", "--detailed-exitcode", "-f", "kiro.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("No changes.", run.stdout)

        run = self.kiroster("export", "--no-seats", "--attributes", "all", "--out", "export.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        run = self.kiroster("plan", "--no-seats", "--detailed-exitcode", "-f", "export.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

        (self.folder / "gone.yaml").write_text(GONE)
        run = self.kiroster("apply", "--no-seats", "--yes", "-f", "gone.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertEqual(set(self.users()), {"ada"})
        self.assertEqual(self.members(), {("kiro-users", "ada")})

    def test_seats_that_cannot_be_read_stop_the_run(self):
        (self.folder / "kiro.yaml").write_text(ROSTER)
        run = self.kiroster("apply", "--yes", "-f", "kiro.yaml")
        self.assertEqual(run.returncode, 1, run.stdout + run.stderr)
        self.assertIn("--no-seats", run.stderr)
        self.assertEqual(self.users(), {})

    def test_a_lot_of_people_are_all_found_again(self):
        users = {
            f"user{n:03}": {
                "given_name": "User",
                "family_name": str(n),
                "email": f"user{n:03}@example.com",
                "groups": ["everyone"],
            }
            for n in range(120)
        }
        roster = {"version": 1, "groups": {"everyone": {}}, "users": users}
        (self.folder / "kiro.yaml").write_text(json.dumps(roster))
        run = self.kiroster("apply", "--no-seats", "--yes", "--ack", "add_users=120", "-f", "kiro.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        run = self.kiroster("plan", "--no-seats", "--detailed-exitcode", "-f", "kiro.yaml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
