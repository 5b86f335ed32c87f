//! The signals hash against Python itself: the same bytes for thousands of documents.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use hunter_core::hash::{canonical, signals_hash};
use proptest::prelude::*;

/// Reads hexadecimal UTF-8 lines; answers with the hash and the canonical text, or `refused`.
const PYTHON: &str = r"
import hashlib, json, sys
if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)
for line in sys.stdin:
    text = bytes.fromhex(line.strip()).decode('utf-8')
    try:
        canonical = json.dumps(json.loads(text), sort_keys=True)
    except ValueError:
        print('refused')
    else:
        print(hashlib.sha256(canonical.encode()).hexdigest()[:16], canonical)
";

fn python(documents: &[String]) -> Vec<String> {
    let mut child = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("this test compares with Python: install python3 3.8 or newer, on the PATH");
    let mut lines = String::new();
    for document in documents {
        for byte in document.bytes() {
            write!(lines, "{byte:02x}").expect("a string takes all");
        }
        lines.push('\n');
    }
    let mut stdin = child.stdin.take().expect("a pipe was asked for");
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("python3 runs to its end");
    writer.join().expect("the writer ends").expect("python3 reads all");
    assert!(output.status.success(), "python3 failed: {}", output.status);
    let answers = String::from_utf8(output.stdout).expect("ASCII");
    answers.lines().map(str::to_owned).collect()
}

fn ours(document: &str) -> String {
    match (canonical(document), signals_hash(document)) {
        (Ok(text), Ok(hash)) => format!("{hash} {text}"),
        (Err(error), Err(other)) => {
            assert_eq!(error, other);
            assert_eq!(error.code(), "signals_json", "{document}");
            "refused".to_owned()
        }
        (text, hash) => panic!("{document}: {text:?} and {hash:?} disagree"),
    }
}

#[test]
fn python_prints_the_same() {
    let mut random = Random(0x005e_ed0f_4a5b);
    let mut documents: Vec<String> = (0..1200).map(|_| random.document()).collect();
    documents.extend((0..600).map(|_| {
        let document = random.document();
        random.damaged(&document)
    }));
    // Every bit pattern is a float; each is written as Rust does and read back by both.
    documents.extend((0..400).map(|_| {
        let floats: Vec<String> = (0..8).map(|_| random.float()).collect();
        format!("[{}]", floats.join(","))
    }));
    documents.extend((-1074..1024).map(|exponent| {
        // `powi` would lose the subnormal ones.
        let power = 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2);
        let neighbours = [power.next_down(), power, power.next_up()];
        let floats: Vec<String> = neighbours.map(|value| format!("{value:.20e}")).into();
        format!("[{}]", floats.join(","))
    }));
    let answers = python(&documents);
    assert_eq!(answers.len(), documents.len(), "Python answers line by line");
    for (document, theirs) in documents.iter().zip(&answers) {
        assert_eq!(&ours(document), theirs, "{document:?}");
    }
    let refused = answers.iter().filter(|answer| *answer == "refused").count();
    assert!((100..600).contains(&refused), "{refused} refused: the sample is lopsided");
}

/// A small fixed generator, so that a failure comes again.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).expect("below a usize")
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn document(&mut self) -> String {
        let mut text = String::new();
        self.blank(&mut text);
        self.value(&mut text, 4);
        self.blank(&mut text);
        text
    }

    fn blank(&mut self, text: &mut String) {
        text.push_str(self.pick(&["", "", "", "", " ", "\t", "\n", "\r\n", "   "]));
    }

    fn value(&mut self, text: &mut String, depth: usize) {
        match self.below(if depth == 0 { 7 } else { 12 }) {
            0 => text.push_str(self.pick(&["true", "false", "null"])),
            1 => text.push_str(self.pick(&["NaN", "Infinity", "-Infinity", "1e999", "-1e400"])),
            2 => self.integer(text),
            3 => self.decimal(text),
            4 => text.push_str(&self.float()),
            5 | 6 => self.string(text),
            7 | 8 => self.list(text, '[', ']', |this, text| this.value(text, depth - 1)),
            _ => self.list(text, '{', '}', |this, text| {
                this.string(text);
                this.blank(text);
                text.push(':');
                this.blank(text);
                this.value(text, depth - 1);
            }),
        }
    }

    fn list(
        &mut self,
        text: &mut String,
        open: char,
        close: char,
        item: impl Fn(&mut Self, &mut String),
    ) {
        text.push(open);
        self.blank(text);
        for i in 0..self.below(5) {
            if i > 0 {
                text.push(',');
                self.blank(text);
            }
            item(self, text);
            self.blank(text);
        }
        text.push(close);
    }

    fn integer(&mut self, text: &mut String) {
        text.push_str(self.pick(&["", "-"]));
        let digits = [0, 1, 2, 16, 19, 20, 40, 5000][self.below(8)];
        self.digits(text, digits);
    }

    /// A number without a leading zero: `0` alone where no digit is asked for.
    fn digits(&mut self, text: &mut String, count: usize) {
        text.push_str(if count == 0 { "0" } else { self.pick(&["1", "3", "7", "9"]) });
        for _ in 1..count {
            text.push_str(self.pick(&["0", "0", "1", "5", "9"]));
        }
    }

    fn decimal(&mut self, text: &mut String) {
        text.push_str(self.pick(&["", "-"]));
        let (whole, fraction) = (self.below(20), self.below(25));
        self.digits(text, whole);
        if fraction > 0 {
            text.push('.');
            for _ in 0..fraction {
                text.push_str(self.pick(&["0", "0", "4", "5", "9"]));
            }
        }
        if self.below(2) == 0 {
            text.push_str(self.pick(&["e", "E", "e+", "E-", "e-"]));
            text.push_str(
                self.pick(&["0", "00", "4", "5", "15", "16", "17", "22", "05", "300", "323"]),
            );
        }
    }

    fn float(&mut self) -> String {
        let value = f64::from_bits(self.next());
        match self.below(3) {
            _ if !value.is_finite() => "0.5".to_owned(),
            0 => format!("{value:e}"),
            1 => format!("{value:.25e}"),
            // Near the ends of plain notation.
            _ => format!("{:e}", value.signum() * 10f64.powi(self.small()) * self.unit()),
        }
    }

    fn small(&mut self) -> i32 {
        i32::try_from(self.below(26)).expect("small") - 7
    }

    fn unit(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 40).expect("24 bits")) / 65_536.0
    }

    fn string(&mut self, text: &mut String) {
        const PIECES: [&str; 32] = [
            "a",
            "b",
            "Z",
            "spf",
            "dkim",
            " ",
            "/",
            "~",
            "\u{7f}",
            "\u{80}",
            "ş",
            "İ",
            "ı",
            "é",
            "日本",
            "\u{d7ff}",
            "\u{e000}",
            "\u{ffff}",
            "😀",
            "\u{10ffff}",
            "\\\"",
            "\\\\",
            "\\/",
            "\\b\\f\\n\\r\\t",
            "\\u0000",
            "\\u001f",
            "\\u00e9",
            "\\ud83d",
            "\\udE00",
            "\\uD83D\\uDE00",
            "\\uffff",
            "\\u0061",
        ];
        text.push('"');
        for _ in 0..self.below(5) {
            text.push_str(self.pick(&PIECES));
        }
        text.push('"');
    }

    /// The document with one character lost, doubled or replaced.
    fn damaged(&mut self, document: &str) -> String {
        let mut chars: Vec<char> = document.chars().collect();
        let at = self.below(chars.len());
        match self.below(3) {
            0 => drop(chars.remove(at)),
            1 => chars.insert(at, chars[at]),
            _ => {
                let other =
                    self.pick(&["0", "\"", ",", "}", "\\", "\u{1}", "\u{a0}", "e", "-", ".", "N"]);
                chars[at] = other.chars().next().expect("one character");
            }
        }
        chars.into_iter().collect()
    }
}

proptest! {
    #[test]
    fn canonical_text_is_its_own_canonical_form(seed: u64) {
        let document = Random(seed).document();
        let once = canonical(&document).expect("a valid document");
        prop_assert!(once.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(canonical(&once).expect("its own output"), once);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}\":,\\\\u0-9a-fA-F.+\\-eENI \u{1}ş😀]{0,40}") {
        let _ = canonical(&text);
    }
}
