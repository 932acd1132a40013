//! The people, and changes of their data while the sandbox runs.

use std::sync::Arc;

use super::Provider;
use crate::{Person, Refusal, suggest};

impl Provider {
    /// All people, in the order of the configuration.
    pub(crate) fn people(&self) -> &[Arc<Person>] {
        &self.people
    }

    /// The person with this id, or the first one if there is no id.
    ///
    /// # Errors
    /// `no_such_person`.
    pub(crate) fn person(&self, id: Option<&str>) -> Result<Arc<Person>, Refusal> {
        let mut people = self.people.iter();
        let person = match id {
            None => people.next(),
            Some(id) => people.find(|person| person.id == id),
        };
        person.cloned().ok_or_else(|| {
            let ids = self.people.iter().map(|person| person.id.as_str());
            let ids = suggest::alternatives(id.unwrap_or_default(), ids);
            let what = format!("no person in the configuration has this id; {ids}");
            Refusal::own("no_such_person", what)
        })
    }

    /// Replaces the data of a person until the next reset. An unknown id has no effect.
    pub(crate) fn replace_person(&mut self, changed: Person) {
        let Some(place) = self.people.iter_mut().find(|own| own.id == changed.id) else {
            return;
        };
        let before = std::mem::replace(place, Arc::new(changed));
        if self.unchanged.iter().all(|own| own.id != before.id) {
            self.unchanged.push(before);
        }
    }

    /// Whether the data of this person was changed.
    pub(crate) fn is_changed(&self, id: &str) -> bool {
        self.unchanged.iter().any(|own| own.id == id)
    }

    /// Restores the configured data of all people.
    pub(super) fn restore_people(&mut self) {
        for before in std::mem::take(&mut self.unchanged) {
            if let Some(place) = self.people.iter_mut().find(|own| own.id == before.id) {
                *place = before;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn a_change_lasts_until_the_reset() {
        let mut provider = Provider::new(&Config::default(), [1; 32]);
        let name = |provider: &Provider| provider.people()[0].name.clone();
        let before = name(&provider);
        for new in ["Other", "Another"] {
            let person = Person {
                name: Some(new.into()),
                ..Person::default()
            };
            provider.replace_person(person);
            assert_eq!(name(&provider).as_deref(), Some(new));
        }
        assert!(provider.is_changed("maja"));
        provider.reset(None);
        assert_eq!(name(&provider), before);
        assert!(!provider.is_changed("maja"));
        assert_eq!(
            provider.person(Some("nobody")).unwrap_err().error,
            "no_such_person"
        );
    }
}
