//! A chat page on the hooks for Dioxus: see README.md.

mod app;
mod composer;
mod conversation;
#[cfg(not(target_family = "wasm"))]
mod model;
#[cfg(not(target_family = "wasm"))]
mod server;

/// Serves the page, and the API that it talks to.
#[cfg(not(target_family = "wasm"))]
#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    server::run(std::env::args_os().nth(1).map(Into::into)).await
}

/// Is the page. It talks to where it came from, which has the API key: a page can't keep one.
#[cfg(target_family = "wasm")]
fn main() -> mka1::Result<()> {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    let client = mka1::Client::builder().base_url(origin).build()?;
    let page = dioxus::prelude::VirtualDom::new_with_props(app::app, client);
    dioxus_web::launch::launch_virtual_dom(page, dioxus_web::Config::new());
    Ok(())
}
