//! Follows the tutorials to the letter: writes their files, runs their commands, and compares what
//! the commands print with what the page shows.
//!
//! The differences: the clone of this repository is this checkout, the ports are free ones, and
//! commands that compile this repository are left out, because its parts are compiled already.

mod page;

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use page::{Step, is_like, read};

use crate::serve::{ask, host};
use crate::serve_demo::{Demo, after, get};
use crate::service_examples::NODE;

/// The folder of this repository.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The version of the Kotlin modules, too.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The command that starts the service and the sandbox.
const START: &str = "cargo run -- serve --demo";

/// The target folder of this workspace.
fn target() -> &'static Path {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().expect("it is in the target folder")
}

fn tutorial(page: &str) -> PathBuf {
    Path::new(CHECKOUT).join(format!("docs/tutorials/{page}.md"))
}

/// The page of the service, in what the command prints.
fn service(printed: &str) -> &str {
    after(printed, "service, for browsers")
        .trim()
        .trim_end_matches("/browser")
}

/// A reader of a tutorial.
struct Reader {
    steps: Vec<Step>,
    demo: Demo,
    /// The page's ports, with the ports that this reader has.
    ports: Vec<(&'static str, String)>,
    /// The present folder: first the clone of this repository.
    folder: PathBuf,
    /// The program that runs a shell, and its environment.
    shell: Box<dyn Fn() -> Command>,
    /// The commands that the page shows, and that are left out.
    left_out: Vec<&'static str>,
    /// The cookie of the browser.
    cookie: String,
    /// The processes that run until the end.
    running: Vec<Process>,
}

impl Reader {
    /// A reader of this page, in an empty folder with a clone of this repository.
    fn of(page: &str) -> Self {
        let (demo, printed) = Demo::in_a_terminal();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("tutorials")
            .join(page);
        // A run before this one possibly left it.
        let _ = fs::remove_dir_all(&folder);
        let clone = folder.join("switchback");
        fs::create_dir_all(&clone).expect("a folder");
        let checkout = fs::canonicalize(CHECKOUT).expect("a checkout");
        for entry in fs::read_dir(checkout).expect("a folder") {
            let entry = entry.expect("readable");
            symlink(entry.path(), clone.join(entry.file_name())).expect("a link");
        }
        let steps = read(&tutorial(page));
        let port = |url: &str| format!(":{}", url.rsplit(':').next().expect("a port"));
        let mut reader = Self {
            steps,
            ports: vec![
                (":8080", port(service(&printed))),
                (":8090", port(&demo.provider())),
            ],
            demo,
            folder: clone,
            shell: Box::new(|| Command::new("sh")),
            left_out: vec![START],
            cookie: String::new(),
            running: Vec::new(),
        };
        reader.check_the_start(&printed);
        reader
    }

    /// The page's text with the ports of this reader.
    fn here(&self, text: &str) -> String {
        let replace = |text: String, (port, here): &(&str, String)| text.replace(port, here);
        self.ports.iter().fold(text.to_owned(), replace)
    }

    /// Compares the output of the first command. There, `…` means any number of lines.
    fn check_the_start(&mut self, printed: &str) {
        let Some(Step::Command { line, output }) = self.steps.first() else {
            panic!("the page begins with {START}");
        };
        assert_eq!(line, START);
        let shown = output.iter().map(|line| self.here(line));
        let shown: Vec<String> = shown.filter(|line| line != "…").collect();
        assert!(shown.len() > 1, "the page shows what the command prints");
        let mut printed = printed.lines();
        for shown in shown {
            assert!(printed.any(|line| line == shown), "not printed: {shown}");
        }
    }

    /// Does all that the page says.
    fn follow(&mut self) {
        for step in std::mem::take(&mut self.steps) {
            match step {
                Step::File { name, text } => {
                    let text = self.here(&text);
                    fs::write(self.folder.join(name), text).expect("writable");
                }
                Step::Page { url, text } => {
                    let shown = self.browse(&self.here(&url));
                    assert!(is_like(&shown, &text), "{shown} is not {text}");
                }
                Step::Command { line, .. } if self.left_out.contains(&&*line) => {
                    self.left_out.retain(|left_out| *left_out != line);
                }
                Step::Command { line, output } => self.run(&line, &output),
            }
        }
        assert!(self.left_out.is_empty(), "not there: {:?}", self.left_out);
    }

    /// What the browser shows at this URL.
    fn browse(&self, url: &str) -> String {
        get(url, &[("accept", "text/html"), ("cookie", &self.cookie)]).body
    }

    fn run(&mut self, line: &str, output: &[String]) {
        if let Some(folder) = line.strip_prefix("cd ") {
            self.folder = fs::canonicalize(self.folder.join(folder)).expect(folder);
            return;
        }
        let line = self.here(line);
        let mut command = (self.shell)();
        command
            .arg("-c")
            .arg(format!("cd '{}' && exec {line}", self.folder.display()));
        let mut process = Process::start(command);
        // The page's person declines if the program then says this.
        let decision = match output.last().map(String::as_str) {
            Some("Maybe another time") => "decline",
            _ => "approve",
        };
        let mut link = String::new();
        for shown in output.iter().map(|shown| self.here(shown)) {
            if shown.contains("/complete?") {
                assert!(is_like(&link, &shown), "{link} is not {shown}");
                process.paste(&link);
                continue;
            }
            let printed = process.line();
            assert!(is_like(&printed, &shown), "{printed:?} is not {shown:?}");
            if printed.contains("/oauth2/v1/authorize/") {
                link = self.demo.decide(&printed, decision);
            }
        }
        // The service runs on, beside the next commands.
        match line.starts_with("node ") {
            true => self.running.push(process),
            false => process.ends(),
        }
    }

    /// The folder of the clone and of the reader's own program.
    fn home(&self) -> PathBuf {
        self.folder.parent().expect("a folder").to_owned()
    }

    fn end(self) {
        self.demo.has_no_findings();
        self.demo.end();
    }
}

/// A command of the page.
struct Process {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Process {
    fn start(mut command: Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a shell");
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, lines }
    }

    /// The next printed line.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("UTF-8");
        // Maven resets the colours, also if its output is not a terminal.
        line.replace("\u{1b}[0m", "")
            .trim_end_matches('\n')
            .to_owned()
    }

    fn paste(&mut self, link: &str) {
        let stdin = self.child.stdin.as_mut().expect("piped");
        writeln!(stdin, "{link}").expect("it reads");
    }

    /// Waits for the end, with an open stdin, as in a terminal.
    fn ends(mut self) {
        assert_eq!(self.line(), "", "the page does not show this line");
        assert!(self.child.wait().expect("it ends").success());
    }
}

/// A failed test leaves no running process.
impl Drop for Process {
    fn drop(&mut self) {
        // The process has possibly ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo compiles no crate that this workspace has compiled: the versions, the profile and the
/// target folder are the same.
#[test]
fn the_tutorial_in_rust_logs_a_person_in() {
    let mut reader = Reader::of("rust");
    let home = reader.home();
    fs::create_dir_all(home.join("first-login/.cargo")).expect("writable");
    let lock = home.join("first-login/Cargo.lock");
    fs::copy(Path::new(CHECKOUT).join("Cargo.lock"), lock).expect("writable");
    let profile = "[profile.dev]\ndebug = 'line-tables-only'\n\
                   [profile.dev.package.'*']\ndebug = false\n";
    fs::write(home.join("first-login/.cargo/config.toml"), profile).expect("writable");
    reader.shell = Box::new(|| {
        let mut shell = Command::new("sh");
        shell.env("CARGO_TARGET_DIR", target());
        shell.env("CARGO_NET_OFFLINE", "true");
        shell
    });
    reader.follow();
    reader.end();
}

/// Maven has the modules that the tests in Kotlin have compiled, and otherwise compiles them. It
/// installs them into a folder of this test, which has all other artifacts by links.
#[test]
fn the_tutorial_in_kotlin_logs_a_person_in() {
    if env::var_os("SWITCHBACK_TEST_KOTLIN").is_none() {
        return;
    }
    let mut reader = Reader::of("kotlin");
    let repository = reader.home().join("repository");
    fs::create_dir_all(&repository).expect("writable");
    let home = PathBuf::from(env::var_os("HOME").expect("a home"));
    let persons = home.join(".m2/repository");
    for entry in fs::read_dir(persons).into_iter().flatten().flatten() {
        if entry.file_name() != "app" {
            symlink(entry.path(), repository.join(entry.file_name())).expect("a link");
        }
    }
    reader.left_out.push("cargo build -p switchback-bindings");
    if target().join("android/jvm/classes").is_dir() {
        let install = "mvn -q -f android/pom.xml install -pl jvm -am -DskipTests";
        reader.left_out.push(install);
        install_modules(&repository.join("app/switchback"));
    }
    let options = format!(
        // A compiler daemon would outlive the test.
        "-Dmaven.repo.local={} -Dkotlin.compiler.daemon=false",
        repository.display()
    );
    reader.shell = Box::new(move || {
        let mut shell = Command::new("sh");
        shell.env("MAVEN_OPTS", &options).env("LC_ALL", "C.UTF-8");
        shell
    });
    reader.follow();
    reader.end();
}

/// Puts the compiled modules where `mvn install` puts them.
fn install_modules(group: &Path) {
    let android = Path::new(CHECKOUT).join("android");
    for (artifact, module) in [
        ("switchback-parent", "."),
        ("switchback-core-jvm", "core-jvm"),
        ("switchback-jvm", "jvm"),
    ] {
        let folder = group.join(artifact).join(VERSION);
        fs::create_dir_all(&folder).expect("writable");
        let file = |ending| folder.join(format!("{artifact}-{VERSION}.{ending}"));
        let pom = android.join(module).join("pom.xml");
        fs::copy(pom, file("pom")).expect("writable");
        let classes = target().join("android").join(module).join("classes");
        if classes.is_dir() {
            let mut jar = Command::new("jar");
            jar.arg("--create").arg("--file").arg(file("jar"));
            jar.arg("-C").arg(classes).arg(".");
            assert!(jar.status().expect("a JDK").success());
        }
    }
}

/// The environment with Swift has access only to the folder of the checkout.
#[test]
fn the_tutorial_in_swift_logs_a_person_in() {
    let Some(inside) = env::var_os("SWITCHBACK_TEST_SWIFT") else {
        return;
    };
    let mut reader = Reader::of("swift");
    reader.left_out.push("cargo build -p switchback-bindings");
    reader.shell = Box::new(move || {
        let mut shell = Command::new(&inside);
        // A program prints line by line to a pipe, as it does to a terminal.
        shell.args(["stdbuf", "-oL", "sh"]).current_dir(CHECKOUT);
        shell
    });
    reader.follow();
    reader.end();
}

/// The test does before the first step what the page's person does in the browser.
#[test]
fn the_tutorial_for_a_service_shows_who_is_logged_in() {
    if env::var_os("SWITCHBACK_TEST_CURL").is_none() || !NODE.is_here() {
        return;
    }
    let mut reader = Reader::of("service");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("a port").port();
    drop(free);
    reader.ports.insert(0, ("3000", port.to_string()));
    let page = reader.here("http://127.0.0.1:8080/");
    reader.cookie = reader.demo.log_in_on(&page);
    reader.follow();

    let says = |words: &str| {
        let text = fs::read_to_string(tutorial("service")).expect("a page");
        let text = text.replace("\n   ", " ");
        assert!(text.contains(&format!("*{words}*")), "{words}");
        let shown = reader.browse(&reader.here("http://127.0.0.1:3000/"));
        let words = reader.here(words);
        // The body possibly comes in chunks.
        let said = shown.lines().any(|line| is_like(line, &words));
        assert!(said, "{shown} is not {words}");
    };
    says("Hello, Maja Sjöström. Your subject is …");
    let stream = TcpStream::connect(host(&page)).expect("it listens");
    let cookie = [("cookie", &*reader.cookie)];
    let done = ask(stream, "POST", "/browser/log-out", &cookie, "");
    assert_eq!(done.status, 204, "{}", done.body);
    says("Please log in at http://127.0.0.1:8080/");
    reader.end();
}
