//! A word of `[purposes]`: what is wrong with it, and what to write in its place. What was written
//! is not repeated; what is known of the provider is.

use switchback_protocol::Provider;
use switchback_toml::nearest;

/// What is wrong with a word that cannot be asked for; `None` where it can.
pub(super) fn mistake(provider: &Provider, word: &str) -> Option<String> {
    let facts = provider.facts();
    let is_known = |word: &str| facts.scope.known.contains(&word);
    if is_claim(provider, word) {
        let what = "this is a claim, and a scope has data points";
        return Some(match point_of(provider, word) {
            Some((point, true)) => format!("this is a claim; its data point is \"{point}\""),
            Some((point, false)) => format!("{what}; did you mean \"{point}\"?"),
            None => format!("{what}: write one, such as \"{}\"", example(provider).0),
        });
    }
    let parts = || word.split([',', ';', '|', '+', ' ', '\t', '\n']);
    if parts().nth(1).is_some() {
        let known = parts().filter(|part| !part.is_empty()).map(|part| {
            let word = provider.scope_word(part).filter(|word| is_known(word))?;
            Some(format!("\"{}\"", short(provider, &word)))
        });
        return Some(match known.collect::<Option<Vec<_>>>() {
            Some(all) if !all.is_empty() => format!("separate data points: [{}]", all.join(", ")),
            _ => "it is one text: write each data point in quotes of its own, with a comma \
                  between two of them"
                .into(),
        });
    }
    let is_one = provider.scope_word(word);
    let is_token = |word: &String| {
        switchback_protocol::authorization::check_scope(std::slice::from_ref(word)).is_ok()
    };
    match is_one.filter(is_token) {
        Some(_) => None,
        None => Some(unknown(provider, word)),
    }
}

/// What is odd about a word that may be asked for: that nobody knows it.
pub(super) fn doubt(provider: &Provider, word: &str) -> Option<String> {
    let known = provider.facts().scope.known;
    let sent = provider.scope_word(word)?;
    if known.is_empty() || known.contains(&&*sent) {
        return None;
    }
    let what = "it is not among the data points that are known here";
    Some(match near(provider, word) {
        Some(point) => format!("{what}; did you mean \"{point}\"?"),
        None => format!(
            "{what}: compare it with {}'s documentation",
            provider.name()
        ),
    })
}

fn unknown(provider: &Provider, word: &str) -> String {
    if let Some(point) = near(provider, word) {
        return format!("it is not a data point that is known; did you mean \"{point}\"?");
    }
    match example(provider) {
        (short, whole) if short == whole => {
            format!("it is not known what it asks for: write a word such as \"{short}\"")
        }
        (short, whole) => format!(
            "it is not a data point that is known: write a name such as \"{short}\", or a whole \
             one such as \"{whole}\""
        ),
    }
}

/// Where no claim is known, any word may be one.
fn is_claim(provider: &Provider, word: &str) -> bool {
    let facts = provider.facts();
    let is_asked_for = facts.scope.known.contains(&word);
    !is_asked_for && !facts.claims.known.is_empty() && (facts.claims.may_be)(word)
}

/// The data point that a claim is read from, and whether the claim is known.
fn point_of<'a>(provider: &'a Provider, claim: &str) -> Option<(&'a str, bool)> {
    let claims = &provider.facts().claims;
    let name = (claims.short)(claim);
    let is_known = claims.known.contains(&claim);
    let points = || points(provider);
    let same = points().find(|point| *point == name);
    // `personal-number/swe-10` is a form of `personal-number/swe`, and `family-name` a part of
    // `name`.
    let form = || points().find(|point| is_followed(name, point));
    let part = || points().find(|point| is_preceded(name, point));
    if is_known && let Some(point) = same.or_else(form).or_else(part) {
        return Some((point, true));
    }
    near(provider, name).map(|point| (point, false))
}

fn is_followed(name: &str, point: &str) -> bool {
    name.strip_prefix(point)
        .is_some_and(|rest| rest.starts_with('-'))
}

fn is_preceded(name: &str, point: &str) -> bool {
    name.strip_suffix(point)
        .is_some_and(|rest| rest.ends_with('-'))
}

/// The data point that was probably meant, without what all of them begin with.
fn near<'a>(provider: &'a Provider, word: &str) -> Option<&'a str> {
    let prefix = provider.facts().scope.prefix;
    let kind = prefix.trim_end_matches('/').rsplit('/').next();
    let word = word.to_ascii_lowercase().replace('_', "-");
    let word = match kind.filter(|kind| !kind.is_empty()) {
        Some(kind) => match word.split_once(&format!("{kind}/")) {
            Some((_, name)) => name.to_owned(),
            None => word,
        },
        None => word,
    };
    nearest(&word, points(provider))
}

/// All that are known, without what all of them begin with.
fn points(provider: &Provider) -> impl Iterator<Item = &str> {
    let known = provider.facts().scope.known.iter();
    known.map(|word| short(provider, word))
}

fn short<'a>(provider: &Provider, word: &'a str) -> &'a str {
    provider.short_scope_word(word)
}

/// A word that can be asked for: short, and whole.
pub(super) fn example(provider: &Provider) -> (&'static str, &'static str) {
    let scope = &provider.facts().scope;
    let known = scope.default.iter().chain(scope.known);
    let whole = known.copied().next().unwrap_or("openid");
    let short = whole.strip_prefix(scope.prefix).unwrap_or(whole);
    (short, whole)
}
