//! A text for a support case, for when only AWS can know why seats are refused.

use crate::aws::{Failure, FailureKind};
use crate::live::Target;
use crate::model::visible;
use jiff::civil::Date;

/// Whether only AWS may know why.
pub(super) fn is_needed(failure: &Failure) -> bool {
    failure.kind == FailureKind::Denied && failure.call.service == "q" && !failure.is_by_iam()
}

/// Ready to be sent, once the three causes that one can see to oneself are ruled out. `payer` is the account that Kiro is
/// called as, where that is known; `day` is UTC.
pub(super) fn case(failure: &Failure, target: &Target, payer: Option<&str>, day: Date) -> String {
    let Target {
        account: owner,
        region,
        kiro_region,
        instance,
        store,
    } = target;
    let account = payer.unwrap_or(owner);
    let kiro_region = kiro_region
        .as_deref()
        .unwrap_or("a region that was not found");
    let (call, code) = (failure.call, failure.code.as_deref().unwrap_or("HTTP 403"));
    let request = match &failure.request_id {
        Some(id) => format!("request id {id}"),
        None => "no request id".to_owned(),
    };
    let text = [
        format!("Subject: Kiro refuses seat assignments in account {account} ({code})"),
        String::new(),
        format!(
            "In account {account}, {call} is answered with {code}: \"{}\" ({request}, {day} UTC).",
            failure.message
        ),
        format!("Kiro is in {kiro_region}; IAM Identity Center is {instance}, identity store {store}, in {region}, reached as account {owner}."),
        "Kiro is set up in this account, and the caller's policies allow q:CreateAssignment, q:UpdateAssignment, \
         q:DeleteAssignment,"
            .to_owned(),
        "user-subscriptions:CreateClaim, UpdateClaim and DeleteClaim, sso:DescribeApplication, \
         sso:CreateApplicationAssignment and sso:DeleteApplicationAssignment."
            .to_owned(),
        "Please check whether this account is blocked for Kiro subscriptions, and lift the block.".to_owned(),
    ];
    text.iter()
        .map(|line| format!("  | {}", visible(line)).trim_end().to_owned() + "\n")
        .collect()
}
