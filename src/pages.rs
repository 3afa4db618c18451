//! Lists that come in pages: a stream of all their items, or of the pages.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use sync_wrapper::SyncFuture;

use crate::call::{Call, Operation};
use crate::error::Error;
use crate::json::DecodeError;
use crate::response::Response;

/// An operation that gives a list page by page. Generated; there is nothing to implement by hand.
pub trait Paginated: Operation<Output = Response<Self::Page>> {
    /// One page.
    type Page: Send + 'static;

    /// What the list is of.
    type Item: Send + 'static;

    /// What asks for the next page.
    #[doc(hidden)]
    const PARAMETER: PageParameter;

    /// The items of a page.
    #[doc(hidden)]
    fn items(page: Self::Page) -> Vec<Self::Item>;

    /// The parameter's value for the page after this one; `None` at the end. `offset` is where that page would begin.
    #[doc(hidden)]
    fn next(page: &Self::Page, offset: u64) -> Option<String>;

    /// How many items a page has.
    #[doc(hidden)]
    fn len(page: &Self::Page) -> usize;
}

/// What asks for the next page.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct PageParameter {
    pub name: &'static str,
    pub place: PagePlace,
}

/// Where the parameter stands.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum PagePlace {
    Query,
    Body,
}

impl<O: Paginated> Call<O> {
    /// All items of the list from here on, page by page.
    ///
    /// A page is asked for when the items before it have been taken. Parameters and options of the call hold for every page; one that sets
    /// where the list begins (`after`, `offset`, …) holds for the first.
    ///
    /// An error ends the stream. So does a server that sends the same place twice: that would go round for ever.
    pub fn items(self) -> Items<O> {
        Items { pages: self.pages(), items: VecDeque::new() }
    }

    /// The same, whole pages at a time, with the head of each response.
    pub fn pages(self) -> Pages<O> {
        let offset = self.query_value(O::PARAMETER.name).and_then(|value| value.parse().ok()).unwrap_or(0);
        Pages { call: Some(self), waiting: None, seen: HashSet::new(), offset }
    }
}

type Waiting<O> = SyncFuture<Pin<Box<dyn Future<Output = Result<<O as Operation>::Output, Error>> + Send>>>;

/// The pages of a list: see [`Call::pages`].
#[must_use = "nothing is asked for until the stream is polled"]
pub struct Pages<O: Paginated> {
    /// For the next page; gone after the last.
    call: Option<Call<O>>,
    waiting: Option<Waiting<O>>,
    seen: HashSet<String>,
    offset: u64,
}

impl<O: Paginated> Pages<O> {
    /// Makes ready for the page after this one.
    fn turn(&mut self, page: &O::Page) {
        let Some(call) = self.call.take() else { return };
        self.offset = self.offset.saturating_add(u64::try_from(O::len(page)).unwrap_or(u64::MAX));
        let Some(next) = O::next(page, self.offset) else { return };
        self.call = Some(match self.seen.insert(next.clone()) {
            true => call.set_page(O::PARAMETER, &next),
            false => {
                let reason = format!("the list goes round: `{}` was `{next}` before", O::PARAMETER.name);
                call.fail(Error::decode(DecodeError::custom::<O::Page>(&reason), &[]))
            }
        });
    }
}

impl<O: Paginated> Stream for Pages<O> {
    type Item = Result<Response<O::Page>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let waiting = match &mut this.waiting {
            Some(waiting) => waiting,
            waiting => {
                let Some(call) = this.call.as_ref().and_then(Call::again).or_else(|| this.call.take()) else {
                    return Poll::Ready(None);
                };
                waiting.insert(SyncFuture::new(call.into_future()))
            }
        };
        let page = ready!(Pin::new(waiting).poll(cx));
        this.waiting = None;
        match &page {
            Ok(page) => this.turn(page),
            Err(_) => this.call = None,
        }
        Poll::Ready(Some(page))
    }
}

impl<O: Paginated> FusedStream for Pages<O> {
    fn is_terminated(&self) -> bool {
        self.call.is_none() && self.waiting.is_none()
    }
}

/// The items of a list: see [`Call::items`].
#[must_use = "nothing is asked for until the stream is polled"]
pub struct Items<O: Paginated> {
    pages: Pages<O>,
    items: VecDeque<O::Item>,
}

// Nothing is pinned in place.
impl<O: Paginated> Unpin for Pages<O> {}
impl<O: Paginated> Unpin for Items<O> {}

impl<O: Paginated> Stream for Items<O> {
    type Item = Result<O::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(page)) => self.items = O::items(page.into_inner()).into(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<O: Paginated> FusedStream for Items<O> {
    fn is_terminated(&self) -> bool {
        self.items.is_empty() && self.pages.is_terminated()
    }
}

impl<O: Paginated> fmt::Debug for Pages<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("operation", &O::SPEC.id).finish_non_exhaustive()
    }
}

impl<O: Paginated> fmt::Debug for Items<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("operation", &O::SPEC.id).finish_non_exhaustive()
    }
}
