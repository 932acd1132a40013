//! Writes property lists as Xcode writes them.

use std::fmt::Write as _;

pub(super) enum Value {
    Bool(bool),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl<V: Into<Value>> FromIterator<V> for Value {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Self::List(values.into_iter().map(V::into).collect())
    }
}

/// The text of the file.
pub(super) fn write(value: &Value) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
         \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n",
    );
    add(&mut text, 0, value);
    text + "</plist>\n"
}

fn add(text: &mut String, depth: usize, value: &Value) {
    let indent = "\t".repeat(depth);
    let mut line = |depth: usize, content: &str| {
        let _ = writeln!(text, "{}{content}", "\t".repeat(depth));
    };
    match value {
        Value::Bool(true) => line(depth, "<true/>"),
        Value::Bool(false) => line(depth, "<false/>"),
        Value::Text(content) => line(depth, &format!("<string>{}</string>", escaped(content))),
        Value::List(values) if values.is_empty() => line(depth, "<array/>"),
        Value::List(values) => {
            line(depth, "<array>");
            values.iter().for_each(|value| add(text, depth + 1, value));
            let _ = writeln!(text, "{indent}</array>");
        }
        Value::Map(values) => {
            line(depth, "<dict>");
            for (key, value) in values {
                let _ = writeln!(text, "{indent}\t<key>{}</key>", escaped(key));
                add(text, depth + 1, value);
            }
            let _ = writeln!(text, "{indent}</dict>");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_nested_and_escaped() {
        let value = Value::Map(vec![
            ("List", ["a & b", "<c>"].into_iter().collect()),
            ("Empty", Value::List(Vec::new())),
            ("No", Value::Bool(false)),
        ]);
        let written = write(&value);
        let (_, written) = written
            .split_once("<plist version=\"1.0\">\n")
            .expect("a list");
        let expected = "<dict>\n\t<key>List</key>\n\t<array>\n\t\t<string>a &amp; b</string>\n\
                        \t\t<string>&lt;c&gt;</string>\n\t</array>\n\t<key>Empty</key>\n\t<array/>\n\
                        \t<key>No</key>\n\t<false/>\n</dict>\n</plist>\n";
        assert_eq!(written, expected);
    }
}
