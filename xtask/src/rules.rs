//! What each change means for Rust callers of the crate, and why: one table.
//!
//! Callers compile against types and methods, so a change counts by what it does to those, not to the document. What is generated is
//! `#[non_exhaustive]`, optional parameters are setters, and unknown values are kept: this is why most additions break nobody.

/// How far a change goes, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Breaking,
    Minor,
    Patch,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Class::Breaking => "breaking",
            Class::Minor => "minor",
            Class::Patch => "patch",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// What happened, as reports say it.
    pub name: &'static str,
    pub class: Class,
    pub reason: &'static str,
}

macro_rules! table {
    ($($id:ident $class:ident $name:literal $reason:literal)*) => {
        $(pub const $id: Rule = Rule { name: $name, class: Class::$class, reason: $reason };)*
        /// Every rule.
        pub const TABLE: &[Rule] = &[$($id),*];
    };
}

table! {
    // ---- Operations ----
    OPERATION_ADDED Minor "operation added" "there is a method more"
    OPERATION_REMOVED Breaking "operation removed" "code that calls its method no longer compiles"
    OPERATION_RENAMED Breaking "operation renamed" "its method, its function or the groups that lead to it have other names"
    OPERATION_ID_CHANGED Breaking "operationId changed" "the dynamic entry knows it by its id"
    OPERATION_MOVED Patch "operation moved" "the method stays; it sends to another place"
    OPERATION_DEPRECATED Patch "deprecation changed" "only the documentation says so"

    // ---- What a method takes ----
    PARAMETER_ADDED Minor "optional parameter added" "there is a setter more"
    ARGUMENT_ADDED Breaking "required parameter added" "the method takes an argument more"
    PARAMETER_REMOVED Breaking "parameter removed" "the argument or the setter is gone"
    PARAMETER_RETYPED Breaking "parameter retyped" "the argument or the setter takes another type"
    PARAMETER_REQUIRED Breaking "parameter now required" "a setter became an argument"
    PARAMETER_OPTIONAL Breaking "parameter no longer required" "an argument became a setter"
    PARAMETER_RENAMED Breaking "parameter renamed" "the setter has another name"
    PARAMETER_MOVED Patch "parameter sent elsewhere" "callers give it as before"
    ARGUMENTS_REORDERED Breaking "arguments in another order" "arguments go by position"
    BODY_ADDED Breaking "request body added" "the method takes an argument more"
    BODY_REMOVED Breaking "request body removed" "the method takes an argument less"
    BODY_RETYPED Breaking "request body retyped" "the request argument has another type"
    OPTION_GAINED Minor "call option gained" "an option of the call or the client now has an effect"
    OPTION_LOST Breaking "call option lost" "an option that callers set has no effect or no method any more"
    CREDENTIAL_ADDED Minor "credential added" "another credential is accepted too"
    CREDENTIAL_REMOVED Breaking "credential no longer taken" "callers who have only this one are refused"
    CREDENTIAL_REQUIRED Breaking "credential now required" "calls without one are refused"

    // ---- What a method gives ----
    OUTPUT_CHANGED Breaking "result changed" "what comes of the call has another type"
    PAGES_GAINED Minor "pages gained" "the call can be a stream of items or pages"
    PAGES_LOST Breaking "pages lost" "`items` and `pages` are gone from the call"
    PAGES_RETYPED Breaking "items retyped" "`items` gives another type"
    PAGES_CHANGED Patch "pages go on otherwise" "the crate follows them as before"
    ERROR_ADDED Minor "error payload added" "details of this status can be read as a type"
    ERROR_REMOVED Breaking "error payload removed" "code that reads these details finds none"
    ERROR_RETYPED Breaking "error payload retyped" "code that reads these details finds another type"

    // ---- Types ----
    TYPE_ADDED Minor "type added" "nobody uses it yet"
    TYPE_REMOVED Breaking "type removed" "code that names it no longer compiles"
    TYPE_RENAMED Breaking "type renamed" "code that names it no longer compiles"
    TYPE_REMADE Breaking "type of another kind" "a struct, an enum and a union are used in different ways"
    TYPE_SENT Minor "type now sent" "it gets a constructor and setters"
    TYPE_NOT_SENT Breaking "type no longer sent" "its constructor and setters are gone"
    TYPE_FORM Breaking "type became or was a form" "forms hold uploads and are neither cloned nor serialised"

    // ---- Fields ----
    FIELD_ADDED Minor "field added" "structs are non-exhaustive, and a field that may be absent is no argument of `new`"
    FIELD_REQUIRED_ADDED Breaking "required field of a request added" "`new` takes an argument more"
    FIELD_REMOVED Breaking "field removed" "code that reads or sets it no longer compiles"
    FIELD_RETYPED Breaking "field retyped" "code that reads or sets it no longer compiles"
    FIELD_REQUIRED Breaking "field now required" "`Option` is gone from its type, and `new` of a request takes it"
    FIELD_OPTIONAL Breaking "field no longer required" "it became an `Option`, and `new` of a request takes it no more"
    FIELD_NULLABLE Breaking "null allowed or no longer" "its type says whether null is a value"
    FIELD_PRESENCE Patch "required and nullable, or optional" "in a response both are the same `Option`"
    FIELD_RENAMED Breaking "field renamed" "code that reads or sets it no longer compiles"
    FIELD_HIDDEN Breaking "field no longer public" "the methods decide it now"
    FIELD_SHOWN Minor "field now public" "callers may set it"
    CONSTRUCTOR_CHANGED Breaking "arguments of `new` changed" "arguments go by position"
    CONSTANT_CHANGED Patch "constant changed" "the crate fills it in as before"
    EXTRA_ADDED Minor "further properties allowed" "there is a field `extra`"
    EXTRA_REMOVED Breaking "further properties no longer kept" "the field `extra` is gone"
    EXTRA_RETYPED Breaking "further properties retyped" "the values of `extra` have another type"
    DEFAULT_CHANGED Patch "default changed" "defaults stand in the documentation and are not sent"
    DOCS_CHANGED Patch "documentation changed" "only the documentation"

    // ---- Enums and unions ----
    VALUE_ADDED Minor "enum value added" "enums are non-exhaustive, and until now it was kept as an unknown value"
    VALUE_REMOVED Breaking "enum value removed" "code that names it no longer compiles"
    VALUE_RENAMED Breaking "enum value renamed" "code that names it no longer compiles"
    VARIANT_ADDED Minor "variant added" "unions are non-exhaustive, and until now it was kept as an unknown variant"
    VARIANT_REMOVED Breaking "variant removed" "code that names it no longer compiles"
    VARIANT_RENAMED Breaking "variant renamed" "code that names it no longer compiles"
    VARIANT_RETYPED Breaking "variant retyped" "what it holds has another type"
    BOXED Breaking "boxed or no longer" "the type holds itself or no longer, so that a `Box` came or went"
    VARIANT_TOLD Patch "variants told apart otherwise" "the crate decodes them as before"
    CONVERSION_LOST Breaking "conversion lost" "two variants hold this type now, so `From` it is gone"
    CONVERSION_GAINED Minor "conversion gained" "only one variant holds this type now, so there is `From` it"
    EVENTS_GAINED Minor "events understood" "the union knows its chunks, ends and errors"
    EVENTS_LOST Breaking "events no longer understood" "the helpers for chunks, ends and errors are gone"
    EVENTS_CHANGED Patch "events mean something else" "the crate follows them as before"

    // ---- What Rust does not show ----
    CONTENT_ADDED Patch "content type added" "where it matters, the result or the request has changed as well"
    CONTENT_REMOVED Patch "content type removed" "where it matters, the result or the request has changed as well"
    STATUS_ADDED Patch "status declared" "any status arrives as a result or an error, declared or not"
    STATUS_REMOVED Patch "status no longer declared" "any status arrives as a result or an error, declared or not"
    UNSEEN Patch "limits, formats or order" "the crate doesn't check or show them"
}
