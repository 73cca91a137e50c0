"""The README's jq recipes on a plan file, with the real jq."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jq

KIROSTER = os.environ["KIROSTER_BIN"]
ROOT = pathlib.Path(__file__).parents[2]

LIVE = """\
version: 1
groups:
  eng: { tier: pro, members: [ada, bob, carl] }
  ops: { members: [bob] }
users:
  ada: { given_name: Ada, family_name: Roe, email: ada@example.com, tier: power }
  bob: { given_name: Bob, family_name: Roe, email: bob@example.com }
  carl: { given_name: Carl, family_name: Roe, email: carl@example.com, tier: pro+ }
"""

# Ada falls from power to the group's pro; Bob leaves eng, and with it his only seat; Carl rises; nobody is in ops then.
THEN = """\
version: 1
groups:
  eng: { members: [ada, carl] }
  ops: { members: [] }
users:
  ada: { tier: none }
  carl: { tier: power }
"""


def recipes():
    """The programs between quotes in the README's block of recipes, by the comment above each."""
    block = re.search(r"```sh\n(# how many changes remove.*?)```", (ROOT / "README.md").read_text(), re.S).group(1)
    return dict(re.findall(r"# ([^\n]*)\njq [^']*'(.*?)' plan\.json", block, re.S))


class Readme(unittest.TestCase):
    def test_the_recipes_say_what_their_comments_say(self):
        with tempfile.TemporaryDirectory() as folder:
            def run(*arguments):
                subprocess.run([KIROSTER, "--sandbox=S", *arguments], cwd=folder, check=True, capture_output=True)

            for name, roster in (("live.yaml", LIVE), ("then.yaml", THEN)):
                pathlib.Path(folder, name).write_text(roster)
            run("apply", "--yes", "-f", "live.yaml")
            run("plan", "--out", "plan.json", "-f", "then.yaml")
            plan = json.loads(pathlib.Path(folder, "plan.json").read_text())
        removals, losers, cost = recipes().values()
        # Ada's own seat, Bob in eng, Bob in ops.
        self.assertEqual(jq.compile(removals).input_value(plan).all(), [3])
        self.assertEqual(jq.compile(losers).input_value(plan).all(), ["ada", "bob"])
        # Ada 200, Bob 20, Carl 40; then Ada 20, Carl 200.
        self.assertEqual(jq.compile(cost).input_value(plan).all(), ["260 220 -40"])


if __name__ == "__main__":
    unittest.main()
