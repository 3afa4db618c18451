//! The README's component, as it stands there.

use dioxus::prelude::VirtualDom;

#[allow(dead_code, reason = "that of the README")]
mod readme {
    include!("answer/component.rs");
}

#[test]
fn the_component_of_the_readme_compiles_and_renders() {
    assert!(include_str!("../../../README.md").contains(include_str!("answer/component.rs")));
    let mut page = VirtualDom::new(readme::app);
    page.rebuild_in_place();
    assert_eq!(dioxus_ssr::render(&page), r#"<p aria-live="polite"></p><button>Ask</button>"#);
}
