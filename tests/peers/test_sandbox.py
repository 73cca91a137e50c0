"""boto3 and the AWS CLI against Kiroster's sandbox: what other people's clients, with AWS's own models, make of it."""

import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import botocore.credentials
from botocore.exceptions import ClientError

KIROSTER = os.environ["KIROSTER_BIN"]
REGION = "us-east-1"
KEYS = {"aws_access_key_id": "SANDBOX", "aws_secret_access_key": "sandbox"}
ENTERPRISE = "aws:identitystore:enterprise"


class Sandbox(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.folder / "state.json"
        self.server = self.serve()
        self.admin = self.client("sso-admin")
        self.instance = self.admin.list_instances()["Instances"][0]
        self.store = {"IdentityStoreId": self.instance["IdentityStoreId"]}

    def serve(self):
        server = self.enterContext(
            subprocess.Popen(
                [KIROSTER, "sandbox", "serve", "--file", self.file],
                stdout=subprocess.PIPE,
                text=True,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
            )
        )
        self.addCleanup(server.terminate)
        self.url = server.stdout.readline().strip()
        self.identity = self.client("identitystore")
        return server

    def client(self, service, region=REGION, **keys):
        # What goes wrong is looked at, not tried again.
        config = botocore.config.Config(retries={"total_max_attempts": 1})
        keys = keys or KEYS
        return boto3.client(
            service, endpoint_url=self.url, region_name=region, config=config, **keys
        )

    def aws(self, *arguments):
        """The AWS CLI's answer."""
        run = self.aws_run(*arguments)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout) if run.stdout.strip() else None

    def aws_run(self, *arguments):
        aws = pathlib.Path(sys.executable).with_name("aws")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "SANDBOX",
            "AWS_SECRET_ACCESS_KEY": "sandbox",
            "AWS_MAX_ATTEMPTS": "1",
        }
        return subprocess.run(
            [sys.executable, aws, *arguments, "--output", "json"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def refused(self, code, call, **arguments):
        """The answer to a call that must be refused with `code`."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], code, answer)
        self.assertTrue(answer["ResponseMetadata"]["RequestId"])
        return answer

    def create_user(self, name, **more):
        given, _, family = name.partition(".")
        user = {
            "UserName": name,
            "DisplayName": f"{given} {family}",
            "Name": {"GivenName": given, "FamilyName": family or "Roe"},
            "Emails": [{"Value": f"{name}@example.com", "Type": "work", "Primary": True}],
        }
        return self.identity.create_user(**self.store, **(user | more))["UserId"]

    def create_group(self, name, **more):
        return self.identity.create_group(**self.store, DisplayName=name, **more)["GroupId"]

    def describe(self, user):
        return self.identity.describe_user(**self.store, UserId=user, Extensions=[ENTERPRISE])

    def update(self, user, **more):
        """Sets attributes by path; paths are given with `__` for a dot."""
        revision = {"Revision": more.pop("Revision")} if "Revision" in more else {}
        operations = [
            {"AttributePath": path.replace("__", "."), "AttributeValue": value}
            for path, value in more.items()
        ]
        self.identity.update_user(**self.store, UserId=user, Operations=operations, **revision)


class Identities(Sandbox):
    def test_a_user_is_created_read_changed_and_deleted(self):
        user = self.create_user("ada.lovelace", Title="Countess", Timezone="Europe/London")
        shown = self.describe(user)
        self.assertEqual(shown["UserName"], "ada.lovelace")
        self.assertEqual(shown["Name"], {"GivenName": "ada", "FamilyName": "lovelace"})
        self.assertEqual(shown["Emails"][0]["Value"], "ada.lovelace@example.com")
        self.assertEqual(shown["UserStatus"], "ENABLED")
        self.assertEqual(shown["IdentityStoreId"], self.store["IdentityStoreId"])

        self.update(user, title="Enchantress", name__middleName="King", userName="ada")
        shown = self.describe(user)
        self.assertEqual(
            (shown["UserName"], shown["Title"], shown["Name"]["MiddleName"], shown["UserId"]),
            ("ada", "Enchantress", "King", user),
        )
        [listed] = self.identity.list_users(**self.store, Extensions=[ENTERPRISE])["Users"]
        shown.pop("ResponseMetadata")
        self.assertEqual(listed, shown, "a list shows the whole user")

        self.identity.delete_user(**self.store, UserId=user)
        self.assertEqual(self.identity.list_users(**self.store)["Users"], [])
        self.identity.delete_user(**self.store, UserId=user)

    def test_null_removes_an_attribute_and_lists_are_replaced_whole(self):
        user = self.create_user("ada", Title="Countess", NickName="A")
        self.update(user, title=None, name__middleName=None)
        self.assertNotIn("Title", self.describe(user))
        self.update(user, emails=[{"value": "new@example.com", "type": "work", "primary": True}])
        self.assertEqual(
            self.describe(user)["Emails"],
            [{"Value": "new@example.com", "Type": "work", "Primary": True}],
        )
        self.update(user, emails=None)
        self.assertNotIn("Emails", self.describe(user))
        self.refused("ValidationException", self.update, user=user, displayName=None)
        self.refused("ValidationException", self.update, user=user, shoeSize="43")

    def test_enterprise_attributes_are_shown_to_those_who_ask(self):
        user = self.create_user("ada", Extensions={ENTERPRISE: {"department": "Engines"}})
        self.update(user, **{f"{ENTERPRISE}.costCenter": "42"})
        self.assertNotIn("Extensions", self.identity.describe_user(**self.store, UserId=user))
        self.assertEqual(
            self.describe(user)["Extensions"][ENTERPRISE],
            {"department": "Engines", "costCenter": "42"},
        )

    def test_a_group_is_created_read_changed_and_deleted(self):
        group = self.create_group("engines", Description="All of them")
        shown = self.identity.describe_group(**self.store, GroupId=group)
        self.assertEqual((shown["DisplayName"], shown["Description"]), ("engines", "All of them"))
        self.identity.update_group(
            **self.store,
            GroupId=group,
            Operations=[
                {"AttributePath": "displayName", "AttributeValue": "difference engines"},
                {"AttributePath": "description"},
            ],
        )
        shown = self.identity.describe_group(**self.store, GroupId=group)
        self.assertEqual(shown["DisplayName"], "difference engines")
        self.assertNotIn("Description", shown)
        self.identity.delete_group(**self.store, GroupId=group)
        self.assertEqual(self.identity.list_groups(**self.store)["Groups"], [])

    def test_memberships_come_go_and_follow_their_ends(self):
        ada, grace = self.create_user("ada"), self.create_user("grace")
        group = self.create_group("engines")
        ends = {**self.store, "GroupId": group}
        made = self.identity.create_group_membership(**ends, MemberId={"UserId": ada})
        self.identity.create_group_membership(**ends, MemberId={"UserId": grace})
        answer = self.refused(
            "ConflictException",
            self.identity.create_group_membership,
            **ends,
            MemberId={"UserId": ada},
        )
        self.assertEqual(answer["Reason"], "UNIQUENESS_CONSTRAINT_VIOLATION")

        listed = self.identity.list_group_memberships(**ends)["GroupMemberships"]
        self.assertEqual({m["MemberId"]["UserId"] for m in listed}, {ada, grace})
        self.assertIn(made["MembershipId"], [m["MembershipId"] for m in listed])
        found = self.identity.get_group_membership_id(**ends, MemberId={"UserId": ada})
        self.assertEqual(found["MembershipId"], made["MembershipId"])
        for_ada = self.identity.list_group_memberships_for_member(
            **self.store, MemberId={"UserId": ada}
        )
        self.assertEqual([m["GroupId"] for m in for_ada["GroupMemberships"]], [group])
        [result] = self.identity.is_member_in_groups(
            **self.store, MemberId={"UserId": ada}, GroupIds=[group]
        )["Results"]
        self.assertTrue(result["MembershipExists"])

        self.identity.delete_group_membership(**self.store, MembershipId=made["MembershipId"])
        self.identity.delete_user(**self.store, UserId=grace)
        self.assertEqual(self.identity.list_group_memberships(**ends)["GroupMemberships"], [])

    def test_ids_are_found_by_name_and_email_whatever_the_case(self):
        user, group = self.create_user("ada"), self.create_group("engines")

        def user_by(path, value):
            unique = {"AttributePath": path, "AttributeValue": value}
            return self.identity.get_user_id(
                **self.store, AlternateIdentifier={"UniqueAttribute": unique}
            )["UserId"]

        self.assertEqual(user_by("userName", "ada"), user)
        self.assertEqual(user_by("userName", "ADA"), user)
        self.assertEqual(user_by("emails.value", "Ada@Example.com"), user)
        unique = {"AttributePath": "displayName", "AttributeValue": "engines"}
        found = self.identity.get_group_id(
            **self.store, AlternateIdentifier={"UniqueAttribute": unique}
        )
        self.assertEqual(found["GroupId"], group)
        answer = self.refused("ResourceNotFoundException", user_by, path="userName", value="x")
        self.assertEqual(answer["ResourceType"], "USER")


class Refusals(Sandbox):
    def test_names_and_emails_are_taken_whatever_their_case(self):
        self.create_user("ada")
        self.create_group("engines")
        for call, arguments in [
            (self.create_user, {"name": "ADA", "Emails": [{"Value": "other@example.com"}]}),
            (self.create_user, {"name": "eve", "Emails": [{"Value": "Ada@example.com"}]}),
            (self.create_group, {"name": "Engines"}),
        ]:
            answer = self.refused("ConflictException", call, **arguments)
            self.assertEqual(answer["Reason"], "UNIQUENESS_CONSTRAINT_VIOLATION")
        eve = self.create_user("eve")
        self.refused("ConflictException", self.update, user=eve, userName="Ada")
        self.update(eve, userName="EVE")

    def test_what_is_not_there_says_what_was_looked_for(self):
        missing = "9067000000-00000000-0000-0000-0000-000000000000"
        answer = self.refused(
            "ResourceNotFoundException", self.identity.describe_user, **self.store, UserId=missing
        )
        self.assertEqual((answer["ResourceType"], answer["ResourceId"]), ("USER", missing))
        answer = self.refused(
            "ResourceNotFoundException", self.identity.describe_group, **self.store, GroupId=missing
        )
        self.assertEqual((answer["ResourceType"], answer["ResourceId"]), ("GROUP", missing))
        answer = self.refused(
            "ResourceNotFoundException",
            self.identity.list_group_memberships,
            **self.store,
            GroupId=missing,
        )
        self.assertEqual(answer["ResourceType"], "GROUP")
        answer = self.refused(
            "ResourceNotFoundException", self.identity.list_users, IdentityStoreId="d-0123456789"
        )
        self.assertEqual(answer["ResourceType"], "IDENTITY_STORE")

    def test_a_revision_is_a_condition(self):
        user, group = self.create_user("ada"), self.create_group("engines")
        old = self.describe(user)["Revision"]
        self.update(user, title="Countess", Revision=old)
        new = self.describe(user)["Revision"]
        self.assertNotEqual(old, new)
        answer = self.refused(
            "ConflictException", self.update, user=user, title="Poet", Revision=old
        )
        self.assertEqual(answer["Reason"], "CONCURRENT_MODIFICATION")
        self.refused(
            "ConflictException",
            self.identity.delete_user,
            **self.store,
            UserId=user,
            Revision=old,
        )
        self.assertEqual(self.describe(user)["Title"], "Countess")
        self.identity.delete_user(**self.store, UserId=user, Revision=new)

        revision = self.identity.describe_group(**self.store, GroupId=group)["Revision"]
        change = {"AttributePath": "description", "AttributeValue": "x"}
        ends = {**self.store, "GroupId": group, "Revision": revision}
        self.identity.update_group(**ends, Operations=[change])
        self.refused("ConflictException", self.identity.update_group, **ends, Operations=[change])
        self.refused("ConflictException", self.identity.delete_group, **ends)

    def test_what_aws_demands_of_users_is_demanded(self):
        create = self.create_user
        self.refused("ValidationException", create, name="Administrator")
        self.refused("ValidationException", create, name="with space")
        self.refused("ValidationException", create, name="ada", Name={"GivenName": "Ada"})
        emails = [{"Value": "a@example.com"}, {"Value": "b@example.com"}]
        self.refused("ValidationException", create, name="ada", Emails=emails)
        self.refused("ValidationException", self.create_group, name="AWSAdministrators")
        self.assertEqual(self.identity.list_users(**self.store)["Users"], [])


class Pages(Sandbox):
    def test_paginators_find_everybody_once(self):
        group = self.create_group("everyone")
        users = {}
        for n in range(130):
            name = f"user{n:03}"
            users[name] = self.create_user(name)
            self.identity.create_group_membership(
                **self.store, GroupId=group, MemberId={"UserId": users[name]}
            )
        first = self.identity.list_users(**self.store)
        self.assertEqual(len(first["Users"]), 100)
        self.assertNotIn(first["Users"][-1]["UserId"], first["NextToken"])
        for size in (None, 7):
            pages = {"PaginationConfig": {"PageSize": size}} if size else {}
            listed = self.identity.get_paginator("list_users").paginate(**self.store, **pages)
            listed = [user["UserName"] for page in listed for user in page["Users"]]
            self.assertEqual(sorted(listed), sorted(users))
        listed = self.identity.get_paginator("list_group_memberships").paginate(
            **self.store, GroupId=group
        )
        listed = [m["MemberId"]["UserId"] for page in listed for m in page["GroupMemberships"]]
        self.assertEqual(sorted(listed), sorted(users.values()))
        listed = self.aws("identitystore", "list-users", "--identity-store-id", *self.store.values())
        self.assertEqual(sorted(u["UserName"] for u in listed["Users"]), sorted(users))
        self.refused("ValidationException", self.identity.list_users, **self.store, NextToken="x")


class Admin(Sandbox):
    def test_the_instance_and_kiros_application_are_found(self):
        self.assertEqual(self.instance["Status"], "ACTIVE")
        self.assertEqual(self.instance["OwnerAccountId"], "111122223333")
        self.assertIsInstance(self.instance["CreatedDate"], datetime.datetime)
        arn = self.instance["InstanceArn"]
        described = self.admin.describe_instance(InstanceArn=arn)
        self.assertEqual(described["IdentityStoreId"], self.store["IdentityStoreId"])
        [app] = self.admin.list_applications(InstanceArn=arn)["Applications"]
        self.assertTrue(app["ApplicationProviderArn"].endswith("/codewhisperer"))
        self.assertTrue(app["Name"].startswith("KiroProfile"))
        described = self.admin.describe_application(ApplicationArn=app["ApplicationArn"])
        self.assertEqual(described["InstanceArn"], arn)
        elsewhere = self.client("sso-admin", "eu-west-1")
        self.assertEqual(elsewhere.list_instances()["Instances"], [])

    def test_the_access_key_says_whose_account_it_is(self):
        for key, account in [
            ("SANDBOX", "111122223333"),
            ("AKIAIOSFODNN7EXAMPLE", "111122223333"),
            ("SANDBOX-444455556666", "444455556666"),
        ]:
            keys = {"aws_access_key_id": key, "aws_secret_access_key": "x"}
            caller = self.client("sts", **keys).get_caller_identity()
            self.assertEqual(caller["Account"], account)
        other = self.client("sso-admin", **keys).list_instances()["Instances"][0]
        self.assertNotEqual(other["IdentityStoreId"], self.store["IdentityStoreId"])
        store = {"IdentityStoreId": other["IdentityStoreId"]}
        self.create_user("ada")
        self.assertEqual(self.client("identitystore", **keys).list_users(**store)["Users"], [])


class Signatures(Sandbox):
    def post(self, headers):
        body = json.dumps(self.store).encode()
        headers = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSIdentityStore.ListUsers",
        } | headers
        request = urllib.request.Request(self.url, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def signed(self, service="identitystore", region=REGION):
        request = botocore.awsrequest.AWSRequest("POST", self.url, data=json.dumps(self.store))
        credentials = botocore.credentials.Credentials("SANDBOX", "sandbox")
        botocore.auth.SigV4Auth(credentials, service, region).add_auth(request)
        return dict(request.headers.items())

    def assert_refused(self, code, headers):
        status, body = self.post(headers)
        self.assertEqual((status, body["__type"].partition("#")[2]), (403, code), body)

    def test_an_honest_signature_is_taken(self):
        self.assertEqual(self.post(self.signed())[0], 200)

    def test_no_signature_is_refused(self):
        self.assert_refused("MissingAuthenticationTokenException", {})

    def test_another_service_region_date_or_scope_is_refused(self):
        self.assert_refused("InvalidSignatureException", self.signed(service="sso"))
        self.assert_refused("InvalidSignatureException", self.signed(region="eu-west-1"))
        honest = self.signed()
        day = honest["X-Amz-Date"][:8]
        old = {"X-Amz-Date": "20200101T000000Z"}
        self.assert_refused("InvalidSignatureException", honest | old)
        scope = honest["Authorization"]
        for wrong in [
            honest | old | {"Authorization": scope.replace(day, "20200101")},
            honest | {"Authorization": scope.replace(day, "20200101")},
            honest | {"Authorization": scope.replace("aws4_request", "aws5_request")},
        ]:
            self.assert_refused("InvalidSignatureException", wrong)
        for wrong in ["Bearer x", "AWS4-HMAC-SHA256 Credential=x", scope[:-1], scope + "é"]:
            wrong = {"Authorization": wrong}
            self.assert_refused("IncompleteSignatureException", honest | wrong)


class Durability(Sandbox):
    def test_a_server_that_is_killed_has_lost_nothing_that_it_answered(self):
        users = [self.create_user(f"user{n}") for n in range(10)]
        self.server.kill()
        self.server.wait()
        again = self.serve()
        self.assertEqual(
            [u["UserId"] for u in self.identity.list_users(**self.store)["Users"]], users
        )
        again.terminate()
        self.assertEqual(again.wait(timeout=10), 0, "asked to end, it ends well")

    def test_a_second_server_on_the_same_file_says_whose_it_is(self):
        second = subprocess.run(
            [KIROSTER, "sandbox", "serve", "--file", self.file],
            capture_output=True,
            text=True,
            timeout=10,
        )
        self.assertEqual((second.returncode, second.stdout), (1, ""))
        self.assertIn("in use by another process", second.stderr)


class CommandLine(Sandbox):
    def test_a_day_with_the_aws_cli(self):
        store = ["--identity-store-id", *self.store.values()]
        identity = self.aws("sts", "get-caller-identity")
        self.assertEqual(identity["Account"], "111122223333")
        instances = self.aws("sso-admin", "list-instances")["Instances"]
        self.assertEqual(instances[0]["IdentityStoreId"], self.store["IdentityStoreId"])
        user = self.aws(
            *("identitystore", "create-user", *store, "--user-name", "ada"),
            *("--display-name", "Ada Lovelace", "--name", "GivenName=Ada,FamilyName=Lovelace"),
            *("--emails", "Value=ada@example.com,Type=work,Primary=true"),
        )["UserId"]
        group = self.aws(
            "identitystore", "create-group", *store, "--display-name", "engines"
        )["GroupId"]
        membership = self.aws(
            *("identitystore", "create-group-membership", *store),
            *("--group-id", group, "--member-id", f"UserId={user}"),
        )["MembershipId"]
        self.aws(
            *("identitystore", "update-user", *store, "--user-id", user),
            *("--operations", '[{"AttributePath": "title", "AttributeValue": "Countess"}]'),
        )
        shown = self.aws("identitystore", "describe-user", *store, "--user-id", user)
        self.assertEqual(shown["Title"], "Countess")
        run = self.aws_run(
            *("identitystore", "create-group", *store, "--display-name", "engines"),
        )
        self.assertIn("ConflictException", run.stderr)
        self.aws(
            *("identitystore", "delete-group-membership", *store),
            *("--membership-id", membership),
        )
        self.aws("identitystore", "delete-group", *store, "--group-id", group)
        self.aws("identitystore", "delete-user", *store, "--user-id", user)
        self.assertEqual(self.aws("identitystore", "list-users", *store)["Users"], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
