//! Everything live that a roster can touch, or an error. What is asked, and when a list is given up for look-ups, is
//! decided by [`Search`]; here each question becomes a call, many side by side, and the pacer sees that no API is asked
//! too often.

use super::attributes::{self, ENTERPRISE};
use super::discover::seats_can_be_left_out;
use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure, FailureKind};
use super::json::{JsonClient, Twice};
use super::kiro;
use super::paging::to_the_last_page;
use super::session::{KiroClients, Session};
use crate::live::{
    Answer, ClaimSeen, GroupSeen, Id, Look, Question, Reach, Reading, RowSeen, Search, SeatsSeen,
    UserSeen, Ways,
};
use crate::model::Text;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{HashSet, VecDeque};

/// Identity Store's largest page.
const PAGE: i32 = 100;

/// Calls of one kind under way at once. At 20 a second and up to half a second an answer ten would do.
const SIDE_BY_SIDE: usize = 16;

type Member = (Id, Id, Id);

/// Reads as far as `reach` asks.
///
/// # Errors
/// Any page of any list, and any look-up, that could not be read: there is no partial reading.
pub async fn read(session: &Session, reach: &Reach) -> Result<Reading, Error> {
    Ok(read_told(session, reach).await?.0)
}

/// The same, and which way was taken.
///
/// # Errors
/// As [`read`].
pub async fn read_told(session: &Session, reach: &Reach) -> Result<(Reading, Ways), Error> {
    let mut search = Search::of(reach.clone());
    let mut tokens = HashSet::new();
    let mut lanes = Lanes::default();
    let mut open = FuturesUnordered::new();
    loop {
        for question in search.ask() {
            lanes.wait(question);
        }
        while let Some(question) = lanes.start() {
            // A list whose token comes again would never end.
            if let Question::Users(Some(_))
            | Question::Groups(Some(_))
            | Question::Members(_, Some(_)) = &question
                && !tokens.insert(format!("{question:?}"))
            {
                let doing = session.doing(&question);
                let said = "the same page token came twice, so the list would never end";
                return Err(Error::new(ErrorKind::Incomplete, doing, said));
            }
            open.push(async move {
                let answer = answered(session, &question).await;
                (question, answer)
            });
        }
        let Some((question, answer)) = open.next().await else {
            break;
        };
        lanes.end(&question);
        search.told(question, answer?);
    }
    let (mut reading, ways) = search.done();
    reading.target = session.target().clone();
    Ok((reading, ways))
}

/// Questions that wait, by what limits them: each API has a pace of its own, so each has a queue of its own.
#[derive(Debug, Default)]
struct Lanes([Lane; 4]);

#[derive(Debug, Default)]
struct Lane {
    waiting: VecDeque<Question>,
    open: usize,
}

impl Lanes {
    fn lane(&mut self, question: &Question) -> &mut Lane {
        let lane = match question {
            Question::Rows | Question::Claims | Question::Users(_) | Question::Groups(_) => 0,
            Question::User(Look::Id(_)) | Question::Group(Look::Id(_)) => 1,
            Question::User(_) | Question::Group(_) => 2,
            Question::Members(..) | Question::GroupsOf(_) => 3,
        };
        &mut self.0[lane]
    }

    fn wait(&mut self, question: Question) {
        self.lane(&question).waiting.push_back(question);
    }

    fn start(&mut self) -> Option<Question> {
        let mut lanes = self.0.iter_mut();
        let lane = lanes.find(|lane| lane.open < SIDE_BY_SIDE && !lane.waiting.is_empty())?;
        lane.open += 1;
        lane.waiting.pop_front()
    }

    fn end(&mut self, question: &Question) {
        self.lane(question).open -= 1;
    }
}

async fn answered(session: &Session, question: &Question) -> Result<Answer, Error> {
    Ok(match question {
        Question::Rows => Answer::Rows(rows(session).await?),
        Question::Claims => Answer::Claims(claims(session).await?),
        Question::Users(token) => {
            let (users, next) = users(session, token.as_ref()).await?;
            Answer::Users(users, next)
        }
        Question::Groups(token) => {
            let (groups, next) = groups(session, token.as_ref()).await?;
            Answer::Groups(groups, next)
        }
        Question::Members(group, token) => {
            let (members, next) = members_of(session, group, token.as_ref()).await?;
            Answer::Members(members, next)
        }
        Question::GroupsOf(user) => Answer::Members(groups_of(session, user).await?, None),
        Question::User(look) => {
            let looked = match look {
                Look::Named(name) => session.user_id("userName", name).await.map(Answer::Id),
                Look::Mail(mail) => session.user_id("emails.value", mail).await.map(Answer::Id),
                Look::Id(id) => session
                    .user(id)
                    .await
                    .map(|user| Answer::User(user.map(Box::new))),
            };
            or_refused(session, question, looked)?
        }
        Question::Group(look) => {
            let looked = match look {
                Look::Named(name) => session.group_id(name).await.map(Answer::Id),
                // Groups have no addresses, and nobody asks for one.
                Look::Mail(_) => Ok(Answer::Id(None)),
                Look::Id(id) => session.group(id).await.map(Answer::Group),
            };
            or_refused(session, question, looked)?
        }
    })
}

/// A look-up that AWS heard and would not answer leaves the list.
fn or_refused(
    session: &Session,
    question: &Question,
    looked: Result<Answer, Failure>,
) -> Result<Answer, Error> {
    looked.or_else(|failure| match failure.kind {
        FailureKind::Denied | FailureKind::Invalid | FailureKind::Other => Ok(Answer::Refused),
        FailureKind::NotFound
        | FailureKind::Conflict
        | FailureKind::Throttled
        | FailureKind::Expired
        | FailureKind::Unanswered => Err(Error::of(session.doing(question), &failure)),
    })
}

/// Reads only Kiro's two lists, to see whether what was written shows.
///
/// # Errors
/// Any page that could not be read; always, in a session that leaves Kiro alone.
pub async fn read_seats(session: &Session) -> Result<SeatsSeen, Error> {
    let (rows, claims) = tokio::try_join!(rows(session), claims(session))?;
    Ok(SeatsSeen { rows, claims })
}

async fn users(
    session: &Session,
    token: Option<&Text>,
) -> Result<(Vec<UserSeen>, Option<Text>), Error> {
    let doing = session.doing(&Question::Users(None));
    let page = session
        .identity
        .list_users()
        .identity_store_id(session.store());
    let page = page
        .max_results(PAGE)
        .extensions(ENTERPRISE)
        .set_next_token(token.map(ToString::to_string));
    let page = page.send().await.map_err(Failure::in_store("ListUsers"));
    let page = page.map_err(|failure| Error::of(doing.as_str(), &failure))?;
    let users = page.users.iter().map(attributes::user).collect();
    let users = whole(users, &doing, "a user has no name")?;
    Ok((users, next(page.next_token)))
}

async fn groups(
    session: &Session,
    token: Option<&Text>,
) -> Result<(Vec<GroupSeen>, Option<Text>), Error> {
    let doing = session.doing(&Question::Groups(None));
    let page = session
        .identity
        .list_groups()
        .identity_store_id(session.store());
    let page = page
        .max_results(PAGE)
        .set_next_token(token.map(ToString::to_string));
    let page = page.send().await.map_err(Failure::in_store("ListGroups"));
    let page = page.map_err(|failure| Error::of(doing.as_str(), &failure))?;
    let groups = page.groups.iter().map(attributes::group).collect();
    let groups = whole(groups, &doing, "a group has no name")?;
    Ok((groups, next(page.next_token)))
}

fn next(token: Option<String>) -> Option<Text> {
    token.filter(|token| !token.is_empty()).map(Text::from)
}

async fn members_of(
    session: &Session,
    group: &Id,
    token: Option<&Text>,
) -> Result<(Vec<Member>, Option<Text>), Error> {
    let page = session
        .identity
        .list_group_memberships()
        .identity_store_id(session.store());
    let page = page
        .group_id(group.as_str())
        .max_results(PAGE)
        .set_next_token(token.map(ToString::to_string));
    let page = page
        .send()
        .await
        .map_err(Failure::in_store("ListGroupMemberships"));
    let page = page.map_err(|failure| {
        let doing = session.doing(&Question::Members(group.clone(), None));
        Error::of(&doing, &failure)
    })?;
    let members = page.group_memberships.iter().filter_map(|membership| {
        // Only users can be members today; a kind that is not known yet is nobody's business here.
        let user = membership.member_id.as_ref()?.as_user_id().ok()?;
        Some((
            group.clone(),
            Id::new(user.as_str()),
            Id::new(membership.membership_id()),
        ))
    });
    Ok((members.collect(), next(page.next_token)))
}

async fn groups_of(session: &Session, user: &Id) -> Result<Vec<Member>, Error> {
    let doing = session.doing(&Question::GroupsOf(user.clone()));
    to_the_last_page(&doing, async |token| {
        let member = aws_sdk_identitystore::types::MemberId::UserId(user.as_str().to_owned());
        let page = session.identity.list_group_memberships_for_member();
        let page = page.identity_store_id(session.store()).member_id(member);
        let page = page.max_results(PAGE).set_next_token(token);
        let page = page
            .send()
            .await
            .map_err(Failure::in_store("ListGroupMembershipsForMember"))?;
        let members = page.group_memberships.iter().filter_map(|membership| {
            let group = Id::new(membership.group_id()?);
            Some((group, user.clone(), Id::new(membership.membership_id())))
        });
        Ok((members.collect(), page.next_token))
    })
    .await
}

async fn rows(session: &Session) -> Result<Vec<RowSeen>, Error> {
    let (kiro, call, doing) = seat_list(session, "ListUserSubscriptions")?;
    let instance = &session.target().instance;
    let wanted = |token| kiro::rows_wanted(instance, &kiro.region, token);
    seat_pages(
        &kiro.subscriptions,
        call,
        &doing,
        "subscriptions",
        wanted,
        kiro::row,
    )
    .await
}

async fn claims(session: &Session) -> Result<Vec<ClaimSeen>, Error> {
    let (kiro, call, doing) = seat_list(session, "ListApplicationClaims")?;
    let mut claims = Vec::new();
    for application in &kiro.applications {
        let wanted = |token| kiro::claims_wanted(application, &kiro.region, token);
        let of_one = seat_pages(
            &kiro.subscriptions,
            call,
            &doing,
            "claims",
            wanted,
            kiro::claim,
        );
        claims.extend(of_one.await?);
    }
    Ok(claims)
}

fn seat_list<'a>(
    session: &'a Session,
    operation: &'static str,
) -> Result<(&'a KiroClients, Call, String), Error> {
    let call = Call {
        service: kiro::SUBSCRIPTIONS.iam,
        operation,
    };
    let kiro = session
        .kiro(call)
        .map_err(|failure| Error::of("reading seats", &failure))?;
    let doing = format!(
        "seats cannot be read: {operation} in {}, for Kiro in {}, as account {}",
        session.target().region,
        kiro.region,
        kiro.account
    );
    Ok((kiro, call, doing))
}

async fn seat_pages<T>(
    client: &JsonClient,
    call: Call,
    doing: &str,
    list: &str,
    wanted: impl Fn(Option<String>) -> serde_json::Value,
    read: impl Fn(&serde_json::Value) -> T,
) -> Result<Vec<T>, Error> {
    let pages = to_the_last_page(doing, async |token| {
        let body = client
            .call(call.operation, &wanted(token), Twice::Harmless)
            .await?;
        kiro::page(call, list, &body, &read)
    });
    pages.await.map_err(seats_can_be_left_out)
}

fn whole<T>(seen: Vec<Option<T>>, doing: &str, otherwise: &str) -> Result<Vec<T>, Error> {
    let whole: Option<Vec<T>> = seen.into_iter().collect();
    whole.ok_or_else(|| Error::new(ErrorKind::Incomplete, doing, otherwise))
}

impl Session {
    /// What a question is, in words.
    fn doing(&self, question: &Question) -> String {
        let look = |look: &Look| match look {
            Look::Named(name) => format!("`{name}`"),
            Look::Mail(mail) => format!("whoever has `{mail}`"),
            Look::Id(id) => id.as_str().to_owned(),
        };
        let what = match question {
            Question::Rows | Question::Claims => "listing the seats".to_owned(),
            Question::Users(_) => "listing the users".to_owned(),
            Question::Groups(_) => "listing the groups".to_owned(),
            Question::Members(group, _) => {
                format!("listing the members of group {}", group.as_str())
            }
            Question::GroupsOf(user) => format!("listing the groups of user {}", user.as_str()),
            Question::User(user) => format!("looking for user {}", look(user)),
            Question::Group(group) => format!("looking for group {}", look(group)),
        };
        let target = self.target();
        format!("{what} of {} in {}", target.store, target.region)
    }
}
