//! What has to happen to a page so that it is current.

use super::page::{Edited, PageFault, Part, is_page, merge, theirs};

/// A page as it is and as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Relative to the project root.
    pub path: String,
    /// As it is; `None` where there is none.
    pub before: Option<String>,
    /// As it should be; `None` where there should be none.
    pub after: Option<String>,
    /// Why it may not just be written.
    pub objection: Option<Objection>,
}

/// Why a page may not just be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Somebody edited what is generated.
    Edited(Vec<Edited>),
    /// Nobody asks for the page any more, and people wrote on it.
    Notes,
}

impl Planned {
    /// The plan for a page that there should be.
    ///
    /// # Errors
    ///
    /// A marker in it makes no sense.
    pub fn page(path: String, before: Option<String>, parts: &[Part], force: bool) -> Result<Self, PageFault> {
        let merged = merge(before.as_deref().unwrap_or_default(), parts)?;
        let objection = (!force && !merged.edited.is_empty()).then_some(Objection::Edited(merged.edited));
        Ok(Self { path, before, after: Some(merged.text), objection })
    }

    /// The plan for a page that nobody asks for; `None` where the text is no page of ours.
    ///
    /// # Errors
    ///
    /// A marker in it makes no sense.
    pub fn left_over(path: String, text: String, force: bool) -> Result<Option<Self>, PageFault> {
        if !is_page(&text) {
            return Ok(None);
        }
        let edited = merge(&text, &[])?.edited;
        let notes = !theirs(&text)?.trim().is_empty();
        let objection = match (edited.is_empty(), notes) {
            // What people wrote around the parts is theirs, whatever is asked for.
            (_, true) => Some(Objection::Notes),
            (false, false) if !force => Some(Objection::Edited(edited)),
            (_, false) => None,
        };
        Ok(Some(Self { path, before: Some(text), after: None, objection }))
    }

    /// Whether nothing has to happen.
    pub fn is_current(&self) -> bool {
        self.before == self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(body: &str) -> [Part; 1] {
        [Part::new("purpose", body)]
    }

    #[test]
    fn a_page_is_current_or_not() {
        let page = |before: Option<&str>, body: &str| {
            Planned::page("a.md".to_owned(), before.map(str::to_owned), &part(body), false).unwrap()
        };
        let new = page(None, "one");
        let text = new.after.clone().unwrap();
        assert!(!new.is_current());
        assert!(page(Some(&text), "one").is_current());
        let changed = page(Some(&text), "two");
        assert!(!changed.is_current() && changed.objection.is_none());
        let edited = page(Some(&text.replace("one", "uno")), "two");
        assert!(matches!(edited.objection, Some(Objection::Edited(_))));
    }

    #[test]
    fn a_page_that_nobody_asks_for_goes_unless_people_wrote_on_it() {
        let text = merge("", &part("one")).unwrap().text;
        let left = |text: &str, force| Planned::left_over("a.md".to_owned(), text.to_owned(), force).unwrap();
        let plain = left(&text, false).unwrap();
        assert_eq!((plain.after, plain.objection), (None, None));
        assert_eq!(left(&format!("{text}\nnote\n"), true).unwrap().objection, Some(Objection::Notes));
        let edited = text.replace("one", "uno");
        assert!(matches!(left(&edited, false).unwrap().objection, Some(Objection::Edited(_))));
        assert_eq!(left(&edited, true).unwrap().objection, None);
        assert_eq!(left("# A page of people\n", false), None);
    }
}
