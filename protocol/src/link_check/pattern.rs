//! The patterns of both association files: `*` is any text, `?` is any one character, and so `?*` is
//! one character or more. In Apple's file `$(name)` is one of the texts of a variable.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// Apple's `substitutionVariables`: the texts of each name, which may have `*` and `?`.
pub(super) type Variables = BTreeMap<String, Vec<String>>;

/// How patterns are compared.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    /// `None` where `$(name)` has no meaning.
    pub(super) variables: Option<&'a Variables>,
    pub(super) case_sensitive: bool,
}

impl Rules<'_> {
    /// Capital and small letters differ, and there are no variables.
    pub(super) const EXACT: Self = Rules {
        variables: None,
        case_sensitive: true,
    };

    /// Whether a pattern matches a whole text.
    pub(super) fn matches(self, pattern: &str, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut start = vec![false; text.len() + 1];
        start[0] = true;
        self.ends(pattern, &text, start)[text.len()]
    }

    /// The places in the text where the pattern can end, if it begins at one of these places. Each
    /// character of the pattern visits each place once, so that no pattern takes long.
    fn ends(self, pattern: &str, text: &[char], mut places: Vec<bool>) -> Vec<bool> {
        let mut rest = pattern;
        while let Some(next) = rest.chars().next() {
            if let Some((name, after)) = self.variable(rest) {
                places = self.ends_of_variable(name, text, &places);
                rest = after;
                continue;
            }
            rest = &rest[next.len_utf8()..];
            places = match next {
                '*' => {
                    let first = places.iter().position(|it| *it).unwrap_or(places.len());
                    (0..places.len()).map(|at| at >= first).collect()
                }
                '?' => after_one(text, &places, |_| true),
                _ => after_one(text, &places, |it| self.is_same(next, it)),
            };
        }
        places
    }

    /// `$(name)` at the beginning of a pattern.
    fn variable(self, pattern: &str) -> Option<(&str, &str)> {
        self.variables?;
        pattern.strip_prefix("$(")?.split_once(')')
    }

    fn ends_of_variable(self, name: &str, text: &[char], places: &[bool]) -> Vec<bool> {
        let none = vec![false; places.len()];
        if let Some(texts) = self.variables.and_then(|all| all.get(name)) {
            let rules = Rules {
                variables: None,
                ..self
            };
            let add = |sum: Vec<bool>, ends: Vec<bool>| {
                sum.iter().zip(ends).map(|(a, b)| *a || b).collect()
            };
            let each = texts.iter().map(|it| rules.ends(it, text, places.to_vec()));
            return each.fold(none, add);
        }
        let is_one: fn(char) -> bool = match name {
            "alpha" => |c| c.is_ascii_alphabetic(),
            "upper" => |c| c.is_ascii_uppercase(),
            "lower" => |c| c.is_ascii_lowercase(),
            "alnum" => |c| c.is_ascii_alphanumeric(),
            "digit" => |c| c.is_ascii_digit(),
            "xdigit" => |c| c.is_ascii_hexdigit(),
            // Foundation's codes of regions have two capital letters, those of languages two or three
            // small letters. We have no list of them: another such text matches too.
            "region" => {
                let one = after_one(text, places, |c| self.is_in(c, |c| c.is_ascii_uppercase()));
                return after_one(text, &one, |c| self.is_in(c, |c| c.is_ascii_uppercase()));
            }
            "lang" => {
                let small = |c| self.is_in(c, |c: char| c.is_ascii_lowercase());
                let two = after_one(text, &after_one(text, places, small), small);
                let three = after_one(text, &two, small);
                return two.iter().zip(three).map(|(a, b)| *a || b).collect();
            }
            _ => return none,
        };
        after_one(text, places, |c| self.is_in(c, is_one))
    }

    fn is_same(self, one: char, other: char) -> bool {
        match self.case_sensitive {
            true => one == other,
            false => one.to_lowercase().eq(other.to_lowercase()),
        }
    }

    fn is_in(self, c: char, is_one: fn(char) -> bool) -> bool {
        is_one(c)
            || !self.case_sensitive
                && (is_one(c.to_ascii_lowercase()) || is_one(c.to_ascii_uppercase()))
    }
}

/// The places after one character that fits.
fn after_one(text: &[char], places: &[bool], fits: impl Fn(char) -> bool) -> Vec<bool> {
    let mut after = vec![false; places.len()];
    for (at, c) in text.iter().enumerate() {
        after[at + 1] = places[at] && fits(*c);
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(pattern: &str, text: &str) -> bool {
        Rules::EXACT.matches(pattern, text)
    }

    #[test]
    fn wildcards_match_a_whole_text() {
        for (pattern, text) in [
            ("", ""),
            ("*", ""),
            ("*", "/a/b"),
            ("/a", "/a"),
            ("/a/*", "/a/"),
            ("/a/*", "/a/b/c"),
            ("/a/?*", "/a/b"),
            ("*/b", "/a/b/b"),
            ("/?/b", "/a/b"),
            ("/?", "/å"),
            ("$(alpha)", "$(alpha)"),
        ] {
            assert!(exact(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("", "a"),
            ("?", ""),
            ("/a", "/A"),
            ("/a", "/a/"),
            ("/a/?*", "/a/"),
            ("/a/?", "/a/bc"),
            ("*/b", "/a/c"),
        ] {
            assert!(!exact(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_wildcards_take_no_time() {
        let pattern = "*a".repeat(1000);
        assert!(!exact(&pattern, &"a".repeat(999)));
        assert!(exact(&pattern, &"a".repeat(1000)));
    }

    #[test]
    fn variables_and_letters_are_compared_as_apple_documents_it() {
        let variables: Variables =
            [("food".into(), ["pizza".into(), "s?shi*".into()].into())].into();
        let rules = |case_sensitive| Rules {
            variables: Some(&variables),
            case_sensitive,
        };
        for (pattern, text, exact, any_case) in [
            ("/$(food)/", "/pizza/", true, true),
            ("/$(food)/", "/sushi-bar/", true, true),
            ("/$(food)/", "/Pizza/", false, true),
            ("/$(food)/", "/soup/", false, false),
            ("/$(Food)/", "/pizza/", false, false),
            ("$(food)$(food)", "pizzasushi", true, true),
            ("/$(lang)_$(region)", "/sv_SE", true, true),
            ("/$(lang)_$(region)", "/sv_se", false, true),
            ("/$(lang)", "/swed", false, false),
            ("$(alpha)$(upper)$(lower)", "aBc", true, true),
            ("$(alpha)$(upper)$(lower)", "abc", false, true),
            ("$(alnum)$(digit)$(xdigit)", "z9F", true, true),
            ("$(digit)", "x", false, false),
            ("$(missing)", "", false, false),
            ("$(food", "$(food", true, true),
        ] {
            assert_eq!(
                rules(true).matches(pattern, text),
                exact,
                "{pattern} {text}"
            );
            assert_eq!(
                rules(false).matches(pattern, text),
                any_case,
                "{pattern} {text}"
            );
        }
    }
}
