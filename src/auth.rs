//! Who is calling: bearer tokens, fixed or fetched anew for every attempt.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::header::HeaderValue;

use crate::error::Error;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Gives the bearer token of a request, asked once per attempt.
///
/// Use it for tokens that expire or live in a vault. A closure or function that returns a future is a provider already;
/// implement the trait for anything with more state. Keep a cache inside when fetching is slow: nothing is remembered here.
///
/// The token may come with or without the word `Bearer` in front. A failure ends the call with
/// [`ErrorKind::Token`](crate::ErrorKind::Token), the provider's error being its source, and nothing is sent.
///
/// ```
/// use mka1::Client;
///
/// async fn read_from_vault() -> Result<String, std::io::Error> {
///     Ok("mk-secret".to_owned())
/// }
///
/// let client = Client::builder().token_provider(read_from_vault).build()?;
/// # Ok::<(), mka1::Error>(())
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// What goes wrong when there is no token to be had.
    type Error: Into<Box<dyn StdError + Send + Sync>>;

    /// The token to send with the attempt that is about to be made.
    fn token(&self) -> impl Future<Output = Result<String, Self::Error>> + Send;
}

impl<F, Fut, E> TokenProvider for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<String, E>> + Send,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    type Error = E;

    fn token(&self) -> impl Future<Output = Result<String, E>> + Send {
        self()
    }
}

/// The same with the types forgotten, so that a client can hold any provider.
trait AnyProvider: Send + Sync {
    fn token(&self) -> Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send + '_>>;
}

impl<P: TokenProvider> AnyProvider for P {
    fn token(&self) -> Pin<Box<dyn Future<Output = Result<String, BoxError>> + Send + '_>> {
        Box::pin(async move { TokenProvider::token(self).await.map_err(Into::into) })
    }
}

/// How a client proves who it is. `Debug` never shows the token.
#[derive(Clone, Default)]
pub(crate) enum Credentials {
    /// It doesn't: requests go without `authorization`.
    #[default]
    None,
    /// With one token for good, checked and ready to send.
    Fixed(HeaderValue),
    /// With a token asked for at every attempt.
    Provider(Provider),
}

/// A token provider of any type.
#[derive(Clone)]
pub(crate) struct Provider(Arc<dyn AnyProvider>);

impl Credentials {
    pub(crate) fn fixed(token: &str) -> Result<Self, Error> {
        bearer(token).map(Self::Fixed).map_err(Error::config)
    }

    pub(crate) fn provider(provider: impl TokenProvider) -> Self {
        Self::Provider(Provider(Arc::new(provider)))
    }

    /// The value of `authorization` for the attempt that is about to be made.
    pub(crate) async fn authorization(&self) -> Result<Option<HeaderValue>, Error> {
        match self {
            Self::None => Ok(None),
            Self::Fixed(value) => Ok(Some(value.clone())),
            Self::Provider(Provider(provider)) => {
                let token = provider.token().await.map_err(Error::token)?;
                bearer(&token).map(Some).map_err(Error::token)
            }
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Fixed(_) => "bearer token",
            Self::Provider(_) => "token provider",
        })
    }
}

/// `Bearer <token>`, whether or not the word is there already. What is wrong with a token is said without showing it.
pub(crate) fn bearer(token: &str) -> Result<HeaderValue, &'static str> {
    const SCHEME: &str = "bearer";
    let token = token.trim();
    let token = match token.split_at_checked(SCHEME.len()) {
        Some((scheme, rest))
            if scheme.eq_ignore_ascii_case(SCHEME) && (rest.is_empty() || rest.starts_with(char::is_whitespace)) =>
        {
            rest.trim_start()
        }
        _ => token,
    };
    if token.is_empty() {
        return Err("the bearer token is empty");
    }
    // Visible ASCII only: anything else is a pasted line break, a quote from a document, or a forged header.
    if !token.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err("the bearer token has characters that a header cannot carry");
    }
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| "the bearer token has characters that a header cannot carry")?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn the_word_bearer_is_never_doubled() {
        for token in ["mk-1", "Bearer mk-1", "bearer mk-1", "BEARER  mk-1", " Bearer mk-1\n", "Bearer\tmk-1"] {
            assert_eq!(bearer(token).unwrap(), "Bearer mk-1", "{token:?}");
        }
    }

    #[test]
    fn a_token_that_only_begins_like_the_word_is_left_alone() {
        assert_eq!(bearer("bearer-of-news").unwrap(), "Bearer bearer-of-news");
        assert_eq!(bearer("bearerübung").unwrap_err(), "the bearer token has characters that a header cannot carry");
    }

    #[test]
    fn a_token_is_marked_sensitive() {
        assert!(bearer("mk-1").unwrap().is_sensitive());
    }

    #[test]
    fn a_bad_token_is_refused_without_being_shown() {
        for token in ["", "  ", "Bearer", "Bearer ", "mk-\r\nx: y", "mk-\u{201c}1\u{201d}", "mk-\0"] {
            let error = Credentials::fixed(token).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(!format!("{error} {error:?}").contains("mk-"), "{token:?}");
        }
    }

    #[tokio::test]
    async fn a_provider_is_asked_every_time() {
        let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let credentials = Credentials::provider(move || {
            let count = count.clone();
            async move {
                Ok::<_, std::io::Error>(format!("bearer t{}", count.fetch_add(1, std::sync::atomic::Ordering::Relaxed)))
            }
        });
        assert_eq!(credentials.authorization().await.unwrap().unwrap(), "Bearer t0");
        assert_eq!(credentials.authorization().await.unwrap().unwrap(), "Bearer t1");
    }

    #[tokio::test]
    async fn a_provider_that_fails_gives_its_error_as_the_source() {
        let credentials = Credentials::provider(async || Err::<String, _>(std::io::Error::other("vault sealed")));
        let error = credentials.authorization().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Token);
        assert!(error.never_sent());
        assert_eq!(error.source().unwrap().to_string(), "vault sealed");
    }
}
