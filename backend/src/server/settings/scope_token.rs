//! Checks a scope token of `[purposes]`, and says what to write instead. A message repeats only
//! names that the provider's facts contain, never the text of the file.

use switchback_config_file::nearest;
use switchback_protocol::Provider;

/// The problem of a word that cannot be requested. `None` if it can.
pub(super) fn problem(provider: &Provider, word: &str) -> Option<String> {
    let facts = provider.facts();
    let is_known = |word: &str| facts.scope.known.contains(&word);
    if is_claim(provider, word) {
        let what = "this is a claim, but a scope consists of data points";
        return Some(match point_of(provider, word) {
            Some((point, true)) => format!("this is a claim; its data point is \"{point}\""),
            Some((point, false)) => format!("{what}; did you mean \"{point}\"?"),
            None => format!("{what}: write one, such as \"{}\"", example(provider).0),
        });
    }
    let parts = || word.split([',', ';', '|', '+', ' ', '\t', '\n']);
    if parts().nth(1).is_some() {
        let known = parts().filter(|part| !part.is_empty()).map(|part| {
            let word = provider.scope_token(part).filter(|word| is_known(word))?;
            Some(format!("\"{}\"", short(provider, &word)))
        });
        return Some(match known.collect::<Option<Vec<_>>>() {
            Some(all) if !all.is_empty() => format!("separate data points: [{}]", all.join(", ")),
            _ => "this is one text: write each data point in its own quotes, with a comma between \
                  two of them"
                .into(),
        });
    }
    let is_token = |word: &String| {
        switchback_protocol::authorization::check_scope(std::slice::from_ref(word)).is_ok()
    };
    match provider.scope_token(word).filter(is_token) {
        Some(_) => None,
        None => Some(unknown(provider, word)),
    }
}

/// Why a word that can be requested is probably a mistake: it is not a known data point.
pub(super) fn doubt(provider: &Provider, word: &str) -> Option<String> {
    let known = provider.facts().scope.known;
    let sent = provider.scope_token(word)?;
    if known.is_empty() || known.contains(&&*sent) {
        return None;
    }
    let what = "not a known data point";
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
        return format!("unknown data point; did you mean \"{point}\"?");
    }
    match example(provider) {
        (short, whole) if short == whole => {
            format!("unknown scope: write a word such as \"{short}\"")
        }
        (short, whole) => format!(
            "unknown data point: write a name such as \"{short}\", or a full \
             one such as \"{whole}\""
        ),
    }
}

/// Whether a word is a claim. If no claim of the provider is known, no word is.
fn is_claim(provider: &Provider, word: &str) -> bool {
    let facts = provider.facts();
    let is_data_point = facts.scope.known.contains(&word);
    !is_data_point && !facts.claims.known.is_empty() && (facts.claims.accepts_unknown)(word)
}

/// The data point that contains a claim, and whether the claim is known.
fn point_of<'a>(provider: &'a Provider, claim: &str) -> Option<(&'a str, bool)> {
    let claims = &provider.facts().claims;
    let name = (claims.short)(claim);
    let is_known = claims.known.contains(&claim);
    let points = || points(provider);
    let same = points().find(|point| *point == name);
    // `personal-number/swe-10` is a format of `personal-number/swe`, and `family-name` is a part
    // of `name`.
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

/// The known data point that the user probably meant, without the common prefix.
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

/// All known data points, without their common prefix.
fn points(provider: &Provider) -> impl Iterator<Item = &str> {
    let known = provider.facts().scope.known.iter();
    known.map(|word| short(provider, word))
}

fn short<'a>(provider: &Provider, word: &'a str) -> &'a str {
    provider.short_scope_token(word)
}

/// An example of a data point: its short and its full name.
pub(super) fn example(provider: &Provider) -> (&'static str, &'static str) {
    let scope = &provider.facts().scope;
    let known = scope.default.iter().chain(scope.known);
    let whole = known.copied().next().unwrap_or("openid");
    let short = whole.strip_prefix(scope.prefix).unwrap_or(whole);
    (short, whole)
}
