//! Parses the output of the measuring programs: lines with a name and a number.

use std::process::Command;

use crate::process::{Failure, output_bytes};

#[derive(Default)]
pub(super) struct Figures(Vec<Figure>);

struct Figure {
    name: String,
    unit: &'static str,
    values: Vec<u64>,
}

impl Figures {
    pub(super) fn read(&mut self, unit: &'static str, printed: &[u8]) -> Result<(), Failure> {
        for line in String::from_utf8_lossy(printed).lines() {
            let read = line
                .split_once(' ')
                .and_then(|(name, value)| Some((name, value.parse().ok()?)));
            let Some((name, value)) = read else {
                return Err(Failure(format!(
                    "a program of bindings/measure printed `{line}`, and not a name and a number"
                )));
            };
            match self.0.iter_mut().find(|figure| figure.name == name) {
                Some(figure) => figure.values.push(value),
                None => self.0.push(Figure {
                    name: name.to_owned(),
                    unit,
                    values: vec![value],
                }),
            }
        }
        Ok(())
    }

    /// Runs a program several times, one after the other, and reads its output.
    pub(super) fn fresh(&mut self, processes: u32, program: &mut Command) -> Result<(), Failure> {
        for _ in 0..processes {
            self.read("µs", &output_bytes(program)?)?;
        }
        Ok(())
    }

    /// The table in Markdown, for `docs/explanation/size.md`.
    pub(super) fn table(mut self, language: &str) -> String {
        let mut table =
            format!("| {language} | least | median | most |\n| --- | --- | --- | --- |\n");
        for Figure { name, unit, values } in &mut self.0 {
            values.sort_unstable();
            let all = [values.first(), values.get(values.len() / 2), values.last()];
            let all = all.map(|value| format!("{} {unit}", value.copied().unwrap_or_default()));
            table += &format!("| {name} | {} |\n", all.join(" | "));
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_several_runs_become_one_row() {
        let mut figures = Figures::default();
        for run in ["a 3\nb 5\n", "a 1\nb 5\n", "a 2\nb 5\n"] {
            figures.read("ns", run.as_bytes()).expect("it can be read");
        }
        let table = figures.table("Kotlin");
        assert!(table.ends_with("| a | 1 ns | 2 ns | 3 ns |\n| b | 5 ns | 5 ns | 5 ns |\n"));
    }

    #[test]
    fn a_line_of_another_form_is_a_failure() {
        let read = Figures::default().read("ns", b"Exception in thread main");
        let said = read.expect_err("a text without a figure").to_string();
        assert!(said.contains("`Exception in thread main`"), "{said}");
    }
}
