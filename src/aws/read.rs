//! Everything live that a roster can touch, or an error. The lists are read side by side, each to its last page; the
//! pacer sees that none is asked too often.

use super::attributes::{self, ENTERPRISE};
use super::discover::seats_can_be_left_out;
use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure};
use super::json::{JsonClient, Twice};
use super::kiro;
use super::paging::to_the_last_page;
use super::session::{KiroClients, Session};
use crate::live::{
    ClaimSeen, Claimant, GroupSeen, Id, Reach, Reading, RowSeen, SeatsSeen, UserSeen,
};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use std::collections::HashSet;

/// Identity Store's largest page.
const PAGE: i32 = 100;

/// Membership lists under way at once. At 20 a second and up to half a second an answer ten would do.
const SIDE_BY_SIDE: usize = 16;

type Member = (Id, Id, Id);

/// Reads as far as `reach` asks.
///
/// # Errors
/// Any page of any list that could not be read: there is no partial reading.
pub async fn read(session: &Session, reach: &Reach) -> Result<Reading, Error> {
    let rows = async { seats_if(reach.seats, rows(session)).await };
    let groups = async {
        let claims = seats_if(reach.seats, claims(session));
        let (groups, claims) = tokio::try_join!(groups(session), claims)?;
        let claimed: HashSet<&Id> = claims.iter().flatten().filter_map(group_of).collect();
        let (near, far): (Vec<_>, Vec<_>) = groups
            .iter()
            .partition(|g| reach.wants_group(g) || claimed.contains(&g.id));
        let far: Vec<Id> = far.into_iter().map(|group| group.id.clone()).collect();
        let near = near.into_iter().map(|group| &group.id);
        let members = side_by_side(near.map(|group| members_of(session, group))).await?;
        Ok((groups, far, members, claims))
    };
    let (users, rows, (groups, far, mut members, claims)) =
        tokio::try_join!(users(session), rows, groups)?;
    let leavers: Vec<&Id> = users
        .iter()
        .filter(|u| reach.names_leaver(u))
        .map(|u| &u.id)
        .collect();
    // A leaver's groups cost a list; so does each group that was not read. The fewer lists win.
    members.extend(match leavers.len() <= far.len() {
        true => side_by_side(leavers.iter().map(|user| groups_of(session, user))).await?,
        false => side_by_side(far.iter().map(|group| members_of(session, group))).await?,
    });
    Ok(Reading {
        target: session.target().clone(),
        users,
        groups,
        members,
        seats: rows
            .zip(claims)
            .map(|(rows, claims)| SeatsSeen { rows, claims }),
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

async fn seats_if<T>(
    wanted: bool,
    list: impl Future<Output = Result<T, Error>>,
) -> Result<Option<T>, Error> {
    match wanted {
        true => Ok(Some(list.await?)),
        false => Ok(None),
    }
}

async fn side_by_side<F>(lists: impl Iterator<Item = F>) -> Result<Vec<Member>, Error>
where
    F: Future<Output = Result<Vec<Member>, Error>>,
{
    let lists = stream::iter(lists).buffer_unordered(SIDE_BY_SIDE);
    lists.try_concat().await
}

fn group_of(claim: &ClaimSeen) -> Option<&Id> {
    match &claim.holder {
        Claimant::Group(id) => Some(id),
        Claimant::User(_) | Claimant::Other => None,
    }
}

async fn users(session: &Session) -> Result<Vec<UserSeen>, Error> {
    let doing = session.listing("the users");
    let seen = to_the_last_page(&doing, async |token| {
        let page = session
            .identity
            .list_users()
            .identity_store_id(session.store());
        let page = page
            .max_results(PAGE)
            .extensions(ENTERPRISE)
            .set_next_token(token);
        let page = page.send().await.map_err(Failure::in_store("ListUsers"))?;
        Ok((
            page.users.iter().map(attributes::user).collect(),
            page.next_token,
        ))
    });
    whole(seen.await?, &doing, "a user has no name")
}

async fn groups(session: &Session) -> Result<Vec<GroupSeen>, Error> {
    let doing = session.listing("the groups");
    let seen = to_the_last_page(&doing, async |token| {
        let page = session
            .identity
            .list_groups()
            .identity_store_id(session.store());
        let page = page.max_results(PAGE).set_next_token(token);
        let page = page.send().await.map_err(Failure::in_store("ListGroups"))?;
        Ok((
            page.groups.iter().map(attributes::group).collect(),
            page.next_token,
        ))
    });
    whole(seen.await?, &doing, "a group has no name")
}

async fn members_of(session: &Session, group: &Id) -> Result<Vec<Member>, Error> {
    let doing = session.listing(&format!("the members of group {}", group.as_str()));
    to_the_last_page(&doing, async |token| {
        let page = session
            .identity
            .list_group_memberships()
            .identity_store_id(session.store());
        let page = page
            .group_id(group.as_str())
            .max_results(PAGE)
            .set_next_token(token);
        let page = page
            .send()
            .await
            .map_err(Failure::in_store("ListGroupMemberships"))?;
        let members = page.group_memberships.iter().filter_map(|membership| {
            // Only users can be members today; a kind that is not known yet is nobody's business here.
            let user = membership.member_id.as_ref()?.as_user_id().ok()?;
            Some((
                group.clone(),
                Id::new(user.as_str()),
                Id::new(membership.membership_id()),
            ))
        });
        Ok((members.collect(), page.next_token))
    })
    .await
}

async fn groups_of(session: &Session, user: &Id) -> Result<Vec<Member>, Error> {
    let doing = session.listing(&format!("the groups of user {}", user.as_str()));
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
    fn listing(&self, what: &str) -> String {
        let target = self.target();
        format!("listing {what} of {} in {}", target.store, target.region)
    }
}
