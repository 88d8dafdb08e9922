//! Shows a complaint with the line that it is about.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use mtls_gauntlet::complaint::Complaint;

/// A complaint as miette wants it.
#[derive(Debug)]
struct Framed<'a> {
    complaint: &'a Complaint,
    source: NamedSource<String>,
}

impl fmt::Display for Framed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.complaint, formatter)
    }
}

impl std::error::Error for Framed<'_> {}

impl Diagnostic for Framed<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.complaint
            .help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some("here".to_owned()), self.complaint.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// The complaint as text: the message with file and line, the line itself where there is one, and the help.
pub(super) fn render(complaint: &Complaint, colour: bool) -> String {
    let message = complaint.to_string();
    if complaint.text.is_empty() {
        return match &complaint.help {
            Some(help) => format!("{message}\n  help: {help}\n"),
            None => format!("{message}\n"),
        };
    }
    let theme = if colour {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let source = NamedSource::new(complaint.path.to_string_lossy(), complaint.text.clone());
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(110)
        .with_links(false);
    match handler.render_report(&mut text, &Framed { complaint, source }) {
        Ok(()) => text,
        Err(fmt::Error) => format!("{message}\n"),
    }
}
