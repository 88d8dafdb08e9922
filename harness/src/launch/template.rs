//! Renders config templates and the texts of a deployment file. An undefined name is an error with its place.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::LaunchError;

/// Renders with one set of values.
#[derive(Debug)]
pub(super) struct Templates {
    environment: Environment<'static>,
    values: Value,
}

impl Templates {
    pub(super) fn new(values: Value) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        Self { environment, values }
    }

    /// Renders `text`; `name` is for the message.
    pub(super) fn render(&self, name: &str, text: &str) -> Result<String, LaunchError> {
        self.environment
            .render_named_str(name, text, &self.values)
            .map_err(|error| LaunchError::Template {
                name: name.to_owned(),
                line: error.line().unwrap_or(1),
                message: error.detail().map_or_else(
                    || error.kind().to_string(),
                    |detail| format!("{}: {detail}", error.kind()),
                ),
            })
    }
}
