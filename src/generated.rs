//! The generated client, as `build.rs` wrote it to `OUT_DIR`.

/// Request and response types of the API.
///
/// - Structs are `#[non_exhaustive]`: those that are sent have `new(…)` for what is required and a setter for each other field.
/// - `Option` is a field that may be absent; [`Nullable`](crate::Nullable) one that may be absent, null or a value.
/// - Enums and unions are open: what this version does not know is kept in `Unknown` and written back as it came.
/// - Unknown properties are ignored.
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

/// A marker type for each operation: the `O` of [`Call<O>`](crate::Call), with its optional parameters as setters of the call.
pub mod operations {
    include!(concat!(env!("OUT_DIR"), "/operations.rs"));
}

/// The groups that operations are methods of, reached from [`Client`](crate::Client): `client.llm().chat()`.
pub mod groups {
    include!(concat!(env!("OUT_DIR"), "/groups.rs"));
}

/// Every operation as a standalone function of a client, its arguments and options.
///
/// ```no_run
/// # async fn example(client: mka1::Client) {
/// use mka1::types::{ChatCompletionRequest, ChatMessage};
/// use mka1::{RequestOptions, funcs};
///
/// let request = ChatCompletionRequest::new("auto", [ChatMessage::user("Say hello")]);
/// match funcs::llm_chat_create_chat(&client, &request, RequestOptions::new()).await {
///     Ok(completion) => println!("{}", completion.id),
///     Err(error) => eprintln!("{error}"),
/// }
/// # }
/// ```
pub mod funcs {
    include!(concat!(env!("OUT_DIR"), "/funcs.rs"));
}

/// Every operation as a [hook](crate::dioxus) for Dioxus: a [`Query`](crate::dioxus::Query) for each `GET`, a
/// [`Mutation`](crate::dioxus::Mutation) for the rest.
#[cfg(feature = "dioxus")]
pub mod hooks {
    include!(concat!(env!("OUT_DIR"), "/hooks.rs"));
}
