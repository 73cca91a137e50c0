"""Kiroster's tables and backups, read by another reader, written as the scripts' files are documented; and files that
Python writes, read by Kiroster."""

import csv
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

KIROSTER = os.environ["KIROSTER_BIN"]

FIELDS = {
    "username": ("username", "user_name"),
    "given_name": ("givenname", "given_name", "first_name", "firstname"),
    "family_name": ("familyname", "family_name", "last_name", "lastname"),
    "display_name": ("displayname", "display_name"),
    "email": ("email", "email_address"),
    "groups": ("groups", "group_names"),
    "tier": ("kirotier", "kiro_tier", "tier", "plan", "kiro_plan"),
}
TIERS = {"kiro pro", "kiro pro+", "kiro pro max", "kiro power"}

PEOPLE = [
    # user name, given, family, display name, groups, seat
    ("ada", "Ada", "Lovelace", "Ada Lovelace", ["eng", "ops"], "KIRO_ENTERPRISE_PRO"),
    ("bob@example.com", "Bob", "O\"Neil, Jr.", "Bob", [], "KIRO_ENTERPRISE_PRO_PLUS"),
    ("王小明", "小明", "王", "王 小明 🦀", ["eng"], None),
    ("00123", "Zero", "Line\nBreak", "; \t |", ["ops"], "KIRO_ENTERPRISE_POWER"),
]


def table(path):
    """A row a person, by the rules: headers lower-cased with `_` for spaces, values trimmed, a mark allowed."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, restkey="too many", restval=None, strict=True))
    people = []
    for row in rows:
        assert "too many" not in row and None not in row.values(), row
        plain = {key.strip().lower().replace(" ", "_"): value.strip() for key, value in row.items()}
        found = {
            field: next((plain[name] for name in names if name in plain), "")
            for field, names in FIELDS.items()
        }
        found["groups"] = [name.strip() for name in found["groups"].split(",") if name.strip()]
        people.append(found)
    return people


class Scripts(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        users = [
            {
                "UserName": name,
                "Name": {"GivenName": given, "FamilyName": family},
                "DisplayName": shown,
                "Emails": [{"Value": f"p{number}@example.com"}],
                "SignedIn": True,
                **({"Seat": {"type": seat, "status": "ACTIVE"}} if seat else {}),
            }
            for number, (name, given, family, shown, _, seat) in enumerate(PEOPLE)
        ]
        groups = [
            {"DisplayName": group, "Members": [p[0] for p in PEOPLE if group in p[4]], **seat}
            for group, seat in (
                ("eng", {"Seat": {"type": "KIRO_ENTERPRISE_PRO_MAX"}, "Description": "Engineers"}),
                ("ops", {}),
            )
        ]
        self.state("live.json", users, groups)
        self.state("new.json", [], [])

    def state(self, name, users, groups):
        account = {"users": users, "groups": groups}
        state = {"now": "2026-12-10T09:00:00Z", "accounts": {"111122223333": account}}
        (self.folder / name).write_text(json.dumps(state))

    def kiroster(self, *arguments, sandbox="live.json", code=0):
        run = subprocess.run(
            [KIROSTER, *arguments, f"--sandbox={sandbox}"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            capture_output=True,
            text=True,
        )
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout

    def test_the_tables_say_who_has_what(self):
        self.kiroster("export", "--format", "csv", "--out", "x.csv")
        people = {person["username"]: person for person in table(self.folder / "x.csv")}
        self.assertEqual(set(people), {person[0] for person in PEOPLE})
        for number, (name, given, family, shown, groups, seat) in enumerate(PEOPLE):
            person = people[name]
            self.assertEqual(person["given_name"], given)
            self.assertEqual(person["family_name"], family)
            self.assertEqual(person["display_name"], shown)
            self.assertEqual(person["email"], f"p{number}@example.com")
            self.assertEqual(person["groups"], groups)
            self.assertEqual(bool(person["tier"]), seat is not None)
            self.assertIn(person["tier"].lower(), TIERS | {""})
        with open(self.folder / "x-groups.csv", newline="", encoding="utf-8-sig") as file:
            groups = list(csv.DictReader(file))
        self.assertEqual(groups, [{"GroupName": "eng", "KiroTier": "Kiro Pro Max"}])

    def test_the_backup_says_who_is_where(self):
        backup = json.loads(self.kiroster("export", "--format", "json"))
        self.assertEqual(set(backup), {"identity_store_id", "users", "groups", "memberships"})
        by_id = {user["user_id"]: user for user in backup["users"]}
        groups = {group["group_id"]: group["display_name"] for group in backup["groups"]}
        self.assertEqual(len(by_id), len(PEOPLE))
        for user in backup["users"]:
            fields = {"user_id", "username", "given_name", "family_name", "display_name", "email"}
            self.assertEqual(set(user), fields)
        joined = {
            (groups[m["group_id"]], by_id[m["user_id"]]["username"]) for m in backup["memberships"]
        }
        named = {(m["group_name"], m["username"]) for m in backup["memberships"]}
        self.assertEqual(joined, named)
        self.assertEqual(joined, {(group, p[0]) for p in PEOPLE for group in p[4]})

    def test_what_python_writes_arrives_in_a_new_account(self):
        with open(self.folder / "users.csv", "w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            writer.writerow(["User Name", "First Name", "Last Name", "Display Name", "Email", "Groups"])
            for number, (name, given, family, shown, groups, _) in enumerate(PEOPLE):
                row = [name, given, family, shown, f"p{number}@example.com", ",".join(groups)]
                writer.writerow(row)
        self.kiroster("apply", "--yes", "-f", "users.csv", sandbox="new.json")
        new = json.loads(self.kiroster("export", "--format", "json", sandbox="new.json"))
        self.assertEqual(
            {(u["username"], u["given_name"], u["family_name"], u["display_name"]) for u in new["users"]},
            {p[:4] for p in PEOPLE},
        )
        for ascii_only in (True, False):
            text = json.dumps(new, ensure_ascii=ascii_only, indent=2)
            (self.folder / "backup.json").write_text(text)
            again = ("plan", "-f", "backup.json", "--detailed-exitcode")
            self.kiroster(*again, sandbox="new.json")


if __name__ == "__main__":
    unittest.main()
