//! A page to test hooks on: it shows what they say, and remembers what it has shown.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use dioxus::prelude::*;
use mka1::Client;
use mka1::dioxus::use_mka1_provider;

/// Long after everything has happened; time is paused, so nobody waits for it.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// A page of components that use one hook. It begins with one of them, number 0.
pub struct Page<H: 'static> {
    dom: VirtualDom,
    parts: Parts<H>,
    seen: Vec<String>,
}

/// What the page and its components have in common.
struct Parts<H: 'static>(Rc<Inner<H>>);

struct Inner<H> {
    client: Option<Box<dyn Fn() -> mka1::Result<Client>>>,
    hook: Box<dyn Fn() -> H>,
    show: Box<dyn Fn(H) -> String>,
    /// Of the components that are there, by number.
    handles: RefCell<BTreeMap<usize, H>>,
    numbers: RefCell<Option<Signal<Vec<usize>>>>,
}

impl<H: Copy + 'static> Page<H> {
    /// With this client; `show` says what a component shows of the hook.
    pub fn new(client: Client, hook: impl Fn() -> H + 'static, show: impl Fn(H) -> String + 'static) -> Self {
        Self::with_client(move || Ok(client.clone()), hook, show)
    }

    /// With a client that has yet to be made.
    pub fn with_client(
        client: impl Fn() -> mka1::Result<Client> + 'static,
        hook: impl Fn() -> H + 'static,
        show: impl Fn(H) -> String + 'static,
    ) -> Self {
        Self::with(Some(Box::new(client)), hook, show)
    }

    /// Without a provider.
    pub fn without_client(hook: impl Fn() -> H + 'static, show: impl Fn(H) -> String + 'static) -> Self {
        Self::with(None, hook, show)
    }

    fn with(
        client: Option<Box<dyn Fn() -> mka1::Result<Client>>>,
        hook: impl Fn() -> H + 'static,
        show: impl Fn(H) -> String + 'static,
    ) -> Self {
        let parts = Parts(Rc::new(Inner {
            client,
            hook: Box::new(hook),
            show: Box::new(show),
            handles: RefCell::default(),
            numbers: RefCell::default(),
        }));
        let mut page = Self { dom: VirtualDom::new_with_props(root, parts.clone()), parts, seen: Vec::new() };
        page.dom.rebuild_in_place();
        page.look();
        page
    }

    /// Does something with the handle of component 0, as an event of the page would.
    pub fn with_hook<T>(&mut self, act: impl FnOnce(H) -> T) -> T {
        self.with_hook_of(0, act)
    }

    /// Does something with a component's handle.
    pub fn with_hook_of<T>(&mut self, number: usize, act: impl FnOnce(H) -> T) -> T {
        let handle = self.parts.0.handles.borrow()[&number];
        self.with_root(|| act(handle))
    }

    /// Does something in the root of the page.
    pub fn with_root<T>(&mut self, act: impl FnOnce() -> T) -> T {
        let done = self.dom.in_scope(ScopeId::APP, act);
        self.render();
        done
    }

    /// Lets these components be there, and no others.
    pub fn components(&mut self, numbers: &[usize]) {
        let mut signal = self.parts.0.numbers.borrow().expect("the page is rendered");
        self.with_root(|| signal.set(numbers.to_vec()));
    }

    /// Renders everything anew, as when something else on the page has changed.
    pub fn rerender(&mut self) {
        self.dom.mark_all_dirty();
        self.render();
    }

    /// Does what there is to do until the page shows this, and says what it has shown since it was asked last, each once.
    pub async fn until(&mut self, text: &str) -> Vec<String> {
        let shown = tokio::time::timeout(PATIENCE, async {
            while !self.text().contains(text) {
                self.dom.wait_for_work().await;
                self.render();
            }
        });
        if shown.await.is_err() {
            panic!("the page never showed {text:?}, but {:?}", self.seen);
        }
        let text = self.text();
        std::mem::replace(&mut self.seen, vec![text])
    }

    /// Does what there is to do for so long.
    pub async fn during(&mut self, time: Duration) {
        let end = tokio::time::Instant::now() + time;
        while tokio::time::timeout_at(end, self.dom.wait_for_work()).await.is_ok() {
            self.render();
        }
    }

    /// What the page shows: the text of each component, with a bar between them.
    pub fn text(&self) -> String {
        let html = dioxus_ssr::render(&self.dom);
        html.replace("</p><p>", " | ").replace("<p>", "").replace("</p>", "")
    }

    fn render(&mut self) {
        self.dom.render_immediate(&mut dioxus::dioxus_core::NoOpMutations);
        self.look();
    }

    fn look(&mut self) {
        let text = self.text();
        if self.seen.last() != Some(&text) {
            self.seen.push(text);
        }
    }
}

fn root<H: Copy + 'static>(parts: Parts<H>) -> Element {
    if let Some(client) = &parts.0.client {
        use_mka1_provider(client);
    }
    let numbers = use_signal(|| vec![0]);
    parts.0.numbers.replace(Some(numbers));
    rsx! {
        for number in numbers() {
            Part { key: "{number}", number, parts: parts.clone() }
        }
    }
}

#[component]
fn Part<H: Copy + 'static>(number: usize, parts: Parts<H>) -> Element {
    let handle = (parts.0.hook)();
    parts.0.handles.borrow_mut().insert(number, handle);
    let text = (parts.0.show)(handle);
    rsx! {
        p { "{text}" }
    }
}

impl<H> Clone for Parts<H> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<H> PartialEq for Parts<H> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}
