//! A list, to its last page or not at all.

use super::error::{Error, ErrorKind};
use super::failure::Failure;
use std::collections::HashSet;

/// Asks for page after page until one has no token for the next. `doing` says what is being listed, for errors.
///
/// # Errors
/// Any page that fails, and a token that comes a second time: such a list would never end.
pub(super) async fn to_the_last_page<T, F>(
    doing: &str,
    page: impl Fn(Option<String>) -> F,
) -> Result<Vec<T>, Error>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), Failure>>,
{
    let mut all = Vec::new();
    let mut tokens = HashSet::new();
    let mut token = None;
    loop {
        let (elements, next) = page(token)
            .await
            .map_err(|failure| Error::of(doing, &failure))?;
        all.extend(elements);
        token = next.filter(|token| !token.is_empty());
        let Some(next) = &token else {
            return Ok(all);
        };
        if !tokens.insert(next.clone()) {
            let said = "the same page token came twice, so the list would never end";
            return Err(Error::new(ErrorKind::Incomplete, doing, said));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::failure::Call;

    async fn list(pages: &[(&[u8], Option<&str>)]) -> Result<Vec<u8>, Error> {
        let answer = |token: Option<String>| {
            let index = token.map_or(0, |token| token.parse().unwrap());
            let (elements, next): (&[u8], Option<&str>) = pages[index];
            async move { Ok((elements.to_vec(), next.map(str::to_owned))) }
        };
        to_the_last_page("listing numbers", answer).await
    }

    #[tokio::test]
    async fn every_page_counts_and_an_empty_page_is_not_the_last_one() {
        let pages: &[(&[u8], _)] = &[(&[1, 2], Some("1")), (&[], Some("2")), (&[3], Some(""))];
        assert_eq!(list(pages).await, Ok(vec![1, 2, 3]));
    }

    #[tokio::test]
    async fn a_token_that_comes_again_is_an_error_and_not_an_endless_list() {
        let error = list(&[(&[1], Some("1")), (&[2], Some("1"))])
            .await
            .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Incomplete);
    }

    #[tokio::test]
    async fn a_page_that_fails_loses_the_whole_list() {
        let call = Call {
            service: "test",
            operation: "List",
        };
        let answer = |token: Option<String>| async move {
            match token {
                None => Ok((vec![1], Some("more".into()))),
                Some(_) => Err(Failure::unclear(call, "broken")),
            }
        };
        assert!(to_the_last_page("listing numbers", answer).await.is_err());
    }
}
