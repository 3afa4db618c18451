//! Makes a module that a page can load out of one that `rustc` made: `browser-bindgen <module.wasm> <folder>`.
//!
//! The `wasm-bindgen` command does the same by the same library. Built here it is always of the version that Cargo.lock says, which it must be.

use std::env::args_os;
use std::path::PathBuf;

fn main() {
    let paths: Vec<_> = args_os().skip(1).map(PathBuf::from).collect();
    let [module, folder] = &paths[..] else { panic!("usage: browser-bindgen <module.wasm> <folder>") };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_path(module)
        .web(true)
        .expect("pages are a known kind of target")
        .typescript(false)
        .omit_default_module_path(false);
    bindgen.generate(folder).expect("a module of the version in Cargo.lock");
}
