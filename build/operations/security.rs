//! Security: which of the client's credentials an operation takes.

use serde_json::Value;

use super::super::lower::Lowering;
use super::super::model::Credential;
use super::super::schema;

impl Lowering<'_> {
    /// In the document's order of preference; none where the operation is public.
    pub(super) fn security(&mut self, node: &Value, at: &str) -> Vec<Credential> {
        let document = self.document;
        let own = node.get("security");
        let at = if own.is_some() { format!("{at}/security") } else { "/security".to_owned() };
        let security = own.or_else(|| document.get("security")).and_then(Value::as_array);
        // What is said of all operations is said once.
        let mut warn = |problem: String| {
            if !self.warnings.contains(&problem) {
                self.warnings.push(problem);
            }
        };
        let mut credentials = Vec::new();
        for alternative in security.into_iter().flatten().filter_map(Value::as_object) {
            let mut names = alternative.keys();
            match (names.next(), names.next()) {
                (Some(name), None) => match credential(document, name) {
                    Some(credential) => credentials.push(credential),
                    None => warn(format!("#{at}: {name} is not a scheme that can be sent")),
                },
                (None, _) => {}
                _ => warn(format!("#{at}: several schemes at once are not sent")),
            }
        }
        credentials
    }
}

fn credential(document: &Value, name: &str) -> Option<Credential> {
    let scheme = document.get("components")?.get("securitySchemes")?.get(name)?;
    match schema::text(scheme, "x-credential") {
        Some("bearer") => Some(Credential::Bearer),
        Some("session-cookie") => Some(Credential::SessionCookie),
        Some("analytics-key") => Some(Credential::AnalyticsKey),
        Some("evaluation-key") => Some(Credential::EvaluationKey),
        _ if schema::text(scheme, "scheme").is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer")) => {
            Some(Credential::Bearer)
        }
        _ => None,
    }
}
