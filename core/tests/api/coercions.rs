//! The tables of the guide's chapter on coercions: each value that an HTML control sends, read as each type.

use std::fmt::Debug;

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use enact::client::TestClient;
use enact::page::PageResult;
use enact::{ActionError, Context, File, FormAction, FormData, Registry, devalue};
use http::{Request, Response};
use jiff::civil;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A form with one field.
#[derive(Deserialize, JsonSchema)]
struct Required<T> {
    v: T,
}

#[derive(Deserialize, JsonSchema)]
struct Defaulted<T: Default> {
    #[serde(default)]
    v: T,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Size {
    #[default]
    Small,
    Large,
}

/// Returns the field that a handler receives, or the message of the issue that the page receives.
fn submit<F: HasField>(form: &FormData) -> Result<String, String> {
    async fn show<F: HasField>(input: F, _: Context) -> Result<String, ActionError> {
        Ok(input.show())
    }

    async fn page(request: Request<Bytes>) -> Response<Bytes> {
        const RESULT: FormAction<(), String> = FormAction::form("show");
        Response::new(match PageResult::of(request.extensions()).get(RESULT) {
            Some(Ok(shown)) => shown.clone().into(),
            Some(Err(error)) => format!("error {}", error.issues()[0].message).into(),
            None => "no result".into(),
        })
    }

    let action = FormAction::<F, String>::form("show");
    let actions = Registry::builder().action(action.handler(show::<F>)).build().unwrap();
    let client = TestClient::new(actions).pages(page);
    let response = pollster::block_on(client.submit_form("/", action, form)).unwrap();
    let body = String::from_utf8(response.into_body().to_vec()).unwrap();
    match body.strip_prefix("error ") {
        Some(message) => Err(message.to_owned()),
        None => Ok(body),
    }
}

fn read<T: Field>(form: &FormData) -> Result<String, String> {
    submit::<Required<T>>(form)
}

fn read_or_default<T: Field + Default>(form: &FormData) -> Result<String, String> {
    submit::<Defaulted<T>>(form)
}

/// A form whose control sends nothing: an unchecked checkbox, or a disabled control.
fn nothing() -> FormData {
    FormData::from_iter([("other", "x")])
}

fn text(value: &str) -> FormData {
    FormData::from_iter([("v", value)])
}

fn texts(values: &[&str]) -> FormData {
    values.iter().map(|value| ("v", *value)).collect()
}

fn files(values: &[File]) -> FormData {
    values.iter().map(|value| ("v", value)).collect()
}

/// The entry that browsers send for a file control without a selection.
fn unselected() -> FormData {
    files(&[File::new("", "application/octet-stream", "")])
}

trait Field: Debug + DeserializeOwned + JsonSchema + Send + Sync + 'static {}

impl<T: Debug + DeserializeOwned + JsonSchema + Send + Sync + 'static> Field for T {}

trait HasField: DeserializeOwned + JsonSchema + Send + Sync + 'static {
    fn show(&self) -> String;
}

impl<T: Field> HasField for Required<T> {
    fn show(&self) -> String {
        format!("{:?}", self.v)
    }
}

impl<T: Field + Default> HasField for Defaulted<T> {
    fn show(&self) -> String {
        format!("{:?}", self.v)
    }
}

const NO_STRING: &str = "Invalid input: expected string, received null";
const NO_NUMBER: &str = "Invalid input: expected number, received null";
const NO_FILE: &str = "Invalid input: expected file, received null";
const NOT_A_NUMBER: &str = "Invalid input: expected number, received NaN";
const NO_OPTION: &str = r#"Invalid option: expected one of "small"|"large""#;

fn ok(shown: &str) -> Result<String, String> {
    Ok(shown.to_owned())
}

fn err(message: &str) -> Result<String, String> {
    Err(message.to_owned())
}

#[test]
fn missing_and_empty_text_are_null() {
    for form in [nothing(), text("")] {
        assert_eq!(read::<String>(&form), err(NO_STRING));
        assert_eq!(read::<Option<String>>(&form), ok("None"));
        assert_eq!(read::<u32>(&form), err(NO_NUMBER));
        assert_eq!(read::<Option<u32>>(&form), ok("None"));
        assert_eq!(read::<f64>(&form), err(NO_NUMBER));
        assert_eq!(read::<Option<f64>>(&form), ok("None"));
        assert_eq!(read::<Size>(&form), err(NO_OPTION));
        assert_eq!(read::<Option<Size>>(&form), ok("None"));
        assert_eq!(read::<NaiveDate>(&form), err(NO_STRING));
        assert_eq!(read::<Option<NaiveDate>>(&form), ok("None"));
        assert_eq!(read::<NaiveTime>(&form), err(NO_STRING));
        assert_eq!(read::<civil::DateTime>(&form), err(NO_STRING));
        assert_eq!(read::<Option<civil::DateTime>>(&form), ok("None"));
        assert_eq!(read::<devalue::Date>(&form), err("Invalid input: expected date, received null"));
        assert_eq!(read::<Option<devalue::Date>>(&form), ok("None"));
    }
}

#[test]
fn default_replaces_missing_fields_but_not_empty_ones() {
    assert_eq!(read_or_default::<String>(&nothing()), ok(r#""""#));
    assert_eq!(read_or_default::<u32>(&nothing()), ok("0"));
    assert_eq!(read_or_default::<Size>(&nothing()), ok("Small"));
    assert_eq!(read_or_default::<Vec<String>>(&nothing()), ok("[]"));
    assert_eq!(read_or_default::<String>(&text("")), err(NO_STRING));
    assert_eq!(read_or_default::<u32>(&text("")), err(NO_NUMBER));
    assert_eq!(read_or_default::<Size>(&text("")), err(NO_OPTION));
    assert_eq!(read_or_default::<Option<String>>(&text("")), ok("None"));
}

#[test]
fn text_is_kept_unchanged() {
    for (sent, read_as) in
        [(" Ada ", r#"" Ada ""#), ("a\r\nb", r#""a\r\nb""#), ("12", r#""12""#), ("#ff0000", r##""#ff0000""##)]
    {
        assert_eq!(read::<String>(&text(sent)), ok(read_as));
        assert_eq!(read::<Option<String>>(&text(sent)), ok(&format!("Some({read_as})")));
    }
    assert_eq!(read::<char>(&text("a")), ok("'a'"));
}

#[test]
fn numbers_are_read_as_in_javascript() {
    for (sent, integer, float) in [
        ("12", ok("12"), ok("12.0")),
        (" 12 ", ok("12"), ok("12.0")),
        ("1e3", ok("1000"), ok("1000.0")),
        ("0x10", ok("16"), ok("16.0")),
        ("1.5", err("Invalid input: expected int, received number"), ok("1.5")),
        ("1,5", err(NOT_A_NUMBER), err(NOT_A_NUMBER)),
        ("x", err(NOT_A_NUMBER), err(NOT_A_NUMBER)),
    ] {
        assert_eq!(read::<u32>(&text(sent)), integer, "{sent}");
        assert_eq!(read::<f64>(&text(sent)), float, "{sent}");
    }
    assert_eq!(read::<u8>(&text("300")), err("Too big: expected number to be <=255"));
    assert_eq!(read::<u32>(&text("-1")), err("Too small: expected number to be >=0"));
    let beyond_doubles = text("9007199254740993");
    assert_eq!(read::<u64>(&beyond_doubles), err("Too big: expected int to be <=9007199254740991"));
}

#[test]
fn bool_is_true_if_sent_and_not_false() {
    for sent in ["on", "true", "yes", "0", ""] {
        assert_eq!(read::<bool>(&text(sent)), ok("true"), "{sent:?}");
        assert_eq!(read::<Option<bool>>(&text(sent)), ok("Some(true)"), "{sent:?}");
    }
    for form in [nothing(), text("false")] {
        assert_eq!(read::<bool>(&form), ok("false"));
        assert_eq!(read::<Option<bool>>(&form), ok("Some(false)"));
    }
}

#[test]
fn checkbox_is_read_as_text_or_list() {
    assert_eq!(read::<String>(&text("on")), ok(r#""on""#));
    assert_eq!(read::<Option<String>>(&text("news")), ok(r#"Some("news")"#));
    assert_eq!(read::<Vec<String>>(&text("news")), ok(r#"["news"]"#));
}

#[test]
fn list_holds_all_values_of_a_name() {
    assert_eq!(read::<Vec<String>>(&texts(&["a", "b"])), ok(r#"["a", "b"]"#));
    assert_eq!(read::<Vec<u32>>(&texts(&["1", "2"])), ok("[1, 2]"));
    assert_eq!(read::<Vec<Size>>(&texts(&["small", "large"])), ok("[Small, Large]"));
    assert_eq!(read::<Vec<NaiveDate>>(&texts(&["2024-02-29"])), ok("[2024-02-29]"));
    assert_eq!(read::<Vec<String>>(&nothing()), ok("[]"));
    assert_eq!(read::<Option<Vec<String>>>(&nothing()), ok("Some([])"));
    assert_eq!(read::<Vec<String>>(&text("")), ok(r#"[""]"#));
    assert_eq!(read::<Vec<u32>>(&text("")), ok("[0]"));
    assert_eq!(read::<Vec<Option<String>>>(&text("")), ok("[None]"));
}

#[test]
fn single_value_is_the_first_of_a_name() {
    assert_eq!(read::<String>(&texts(&["1", "2"])), ok(r#""1""#));
    assert_eq!(read::<u32>(&texts(&["1", "2"])), ok("1"));
    assert_eq!(read::<bool>(&texts(&["on", "false"])), ok("true"));
}

#[test]
fn enum_is_read_by_the_serde_name_of_its_variants() {
    assert_eq!(read::<Size>(&text("large")), ok("Large"));
    assert_eq!(read::<Option<Size>>(&text("large")), ok("Some(Large)"));
    assert_eq!(read::<Size>(&text("Large")), err(NO_OPTION));
    assert_eq!(read::<Option<Size>>(&text("huge")), err(NO_OPTION));
}

#[test]
fn date_control_is_read_as_a_date() {
    assert_eq!(read::<NaiveDate>(&text("2024-02-29")), ok("2024-02-29"));
    assert_eq!(read::<civil::Date>(&text("2024-02-29")), ok("2024-02-29"));
    assert_eq!(read::<String>(&text("2024-02-29")), ok(r#""2024-02-29""#));
    assert_eq!(read::<NaiveDate>(&text("2024-02-30")), err("Invalid ISO date"));
}

#[test]
fn time_control_is_read_as_a_time() {
    for (sent, chrono, jiff) in [
        ("13:30", "13:30:00", "13:30:00"),
        ("13:30:15", "13:30:15", "13:30:15"),
        ("13:30:15.5", "13:30:15.500", "13:30:15.5"),
    ] {
        assert_eq!(read::<NaiveTime>(&text(sent)), ok(chrono));
        assert_eq!(read::<civil::Time>(&text(sent)), ok(jiff));
    }
    assert_eq!(read::<NaiveTime>(&text("25:00")), err("Invalid ISO time"));
}

#[test]
fn datetime_local_without_seconds_is_refused_by_chrono() {
    let without_seconds = text("2024-02-29T13:30");
    assert_eq!(read::<NaiveDateTime>(&without_seconds), err("Invalid input"));
    assert_eq!(read::<civil::DateTime>(&without_seconds), ok("2024-02-29T13:30:00"));
    let with_seconds = text("2024-02-29T13:30:15");
    assert_eq!(read::<NaiveDateTime>(&with_seconds), ok("2024-02-29T13:30:15"));
    assert_eq!(read::<civil::DateTime>(&with_seconds), ok("2024-02-29T13:30:15"));
}

#[test]
fn datetime_local_has_no_zone() {
    for form in [text("2024-02-29T13:30"), text("2024-02-29T13:30:15")] {
        assert_eq!(read::<DateTime<Utc>>(&form), err("Invalid ISO datetime"));
        assert_eq!(read::<jiff::Timestamp>(&form), err("Invalid ISO datetime"));
    }
    let in_utc = devalue::Date::from_millis(1_709_213_400_000).unwrap();
    assert_eq!(read::<devalue::Date>(&text("2024-02-29T13:30")), ok(&format!("{in_utc:?}")));
    assert_eq!(read::<devalue::Date>(&text("2024-02-29T13:30:00Z")), ok(&format!("{in_utc:?}")));
    assert_eq!(read::<DateTime<Utc>>(&text("2024-02-29T13:30:00Z")), ok("2024-02-29T13:30:00Z"));
}

#[test]
fn month_and_week_are_read_as_text_only() {
    for sent in ["2024-02", "2024-W09"] {
        assert_eq!(read::<String>(&text(sent)), ok(&format!("{sent:?}")));
        assert_eq!(read::<NaiveDate>(&text(sent)), err("Invalid ISO date"));
    }
}

#[test]
fn unselected_file_is_no_file() {
    assert_eq!(read::<File>(&unselected()), err(NO_FILE));
    assert_eq!(read::<Option<File>>(&unselected()), ok("None"));
    assert_eq!(read::<Vec<File>>(&unselected()), ok("[]"));
    assert_eq!(read::<Option<String>>(&unselected()), ok("None"));
    assert_eq!(read::<File>(&nothing()), err(NO_FILE));
    assert_eq!(read::<Option<File>>(&nothing()), ok("None"));
    assert_eq!(read::<Vec<File>>(&nothing()), ok("[]"));
}

#[test]
fn selected_files_are_read() {
    let (a, b) = (File::new("a.txt", "text/plain", "hi"), File::new("b.txt", "text/plain", ""));
    let both = files(&[a.clone(), b.clone()]);
    assert_eq!(read::<File>(&both), ok(&format!("{a:?}")));
    assert_eq!(read::<Option<File>>(&both), ok(&format!("{:?}", Some(&a))));
    assert_eq!(read::<Vec<File>>(&both), ok(&format!("{:?}", [&a, &b])));
    assert_eq!(read::<File>(&files(std::slice::from_ref(&b))), ok(&format!("{b:?}")));
    assert_eq!(read::<String>(&both), err("Invalid input: expected string, received file"));
}

#[test]
fn file_name_alone_is_not_a_file() {
    // A form without `enctype="multipart/form-data"` sends the name of the file as text.
    assert_eq!(read::<File>(&text("a.txt")), err("Invalid input: expected file, received string"));
    assert_eq!(read::<Vec<File>>(&text("a.txt")), err("Invalid input: expected file, received string"));
}

/// Returns the rows of the first table below a heading of the chapter, with its head.
fn read_table(heading: &str) -> Vec<Vec<&'static str>> {
    const CHAPTER: &str = include_str!("../../src/guide/coercions.md");
    let section = CHAPTER.split_once(heading).unwrap().1;
    let lines = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let mut rows: Vec<Vec<&str>> =
        lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    rows.remove(1);
    rows
}

/// Checks the rows of a table. A cell is a dash for an issue, a value in backticks, or a description of a value.
fn check_table(
    heading: &str,
    forms: impl Fn(&str) -> Vec<FormData>,
    reads: impl Fn(&str) -> fn(&FormData) -> Result<String, String>,
) {
    let mut rows = read_table(heading).into_iter();
    let head = rows.next().unwrap();
    for row in rows {
        for (column, cell) in head.iter().zip(&row).skip(1).filter(|(_, cell)| !cell.contains("as above")) {
            for ty in row[0].split(", ") {
                for form in forms(column) {
                    let read = reads(ty)(&form);
                    let is_expected = match (cell.trim_matches('*'), cell.strip_prefix('`'), &read) {
                        ("—", _, read) => read.is_err(),
                        (_, Some(value), Ok(shown)) => value.trim_end_matches('`') == shown,
                        (cell, _, Err(_)) => cell.ends_with("or —"),
                        (_, None, Ok(_)) => true,
                    };
                    assert!(is_expected, "{ty} reads {column} as {read:?}, but the guide says {cell}");
                }
            }
        }
    }
}

#[test]
fn table_of_types_in_the_guide_is_right() {
    let forms = |column: &str| match column {
        "missing" => vec![nothing()],
        r#"`""`"# => vec![text("")],
        value => vec![text(value.trim_matches('`'))],
    };
    check_table("# What each type reads", forms, |ty| match ty {
        "`String`" => read::<String>,
        "`Option<String>`" => read::<Option<String>>,
        "`String` with `default`" => read_or_default::<String>,
        "`u32`" => read::<u32>,
        "`i64`" => read::<i64>,
        "other integers" => read::<u8>,
        "`Option<u32>`" => read::<Option<u32>>,
        "`u32` with `default`" => read_or_default::<u32>,
        "`f64`" => read::<f64>,
        "`bool`" => read::<bool>,
        "`Option<bool>`" => read::<Option<bool>>,
        "`Vec<String>`" => read::<Vec<String>>,
        "`Option<Vec<String>>`" => read::<Option<Vec<String>>>,
        "`Vec<u32>`" => read::<Vec<u32>>,
        "`Vec<Option<u32>>`" => read::<Vec<Option<u32>>>,
        "enum of unit variants" => read::<Size>,
        "`Option` of an enum" => read::<Option<Size>>,
        other => panic!("no type for the row {other}"),
    });
}

#[test]
fn table_of_dates_in_the_guide_is_right() {
    let forms = |column: &str| match column {
        r#"missing, `""`"# => vec![nothing(), text("")],
        value => vec![text(value.trim_matches('`'))],
    };
    check_table("Dates and times:", forms, |ty| match ty {
        "`chrono::NaiveDate`" => read::<NaiveDate>,
        "`jiff::civil::Date`" => read::<civil::Date>,
        "`chrono::NaiveTime`" => read::<NaiveTime>,
        "`jiff::civil::Time`" => read::<civil::Time>,
        "`chrono::NaiveDateTime`" => read::<NaiveDateTime>,
        "`jiff::civil::DateTime`" => read::<civil::DateTime>,
        "`chrono::DateTime<Utc>`" => read::<DateTime<Utc>>,
        "`jiff::Timestamp`" => read::<jiff::Timestamp>,
        "[`devalue::Date`](crate::devalue::Date)" => read::<devalue::Date>,
        "`Option` of them" => read::<Option<NaiveDate>>,
        other => panic!("no type for the row {other}"),
    });
}

#[test]
fn table_of_files_in_the_guide_is_right() {
    let file = |name: &str| File::new(name, "text/plain", "x");
    let forms = |column: &str| match column {
        "missing" => vec![nothing()],
        "nothing selected" => vec![unselected()],
        "one file" => vec![files(&[file("a.txt")])],
        "two files" => vec![files(&[file("a.txt"), file("b.txt")])],
        other => panic!("no form for the column {other}"),
    };
    check_table("Files, in a form", forms, |ty| match ty {
        "[`File`](crate::File)" => read::<File>,
        "`Option<File>`" => read::<Option<File>>,
        "`Vec<File>`" => read::<Vec<File>>,
        "`Option<String>`" => read::<Option<String>>,
        other => panic!("no type for the row {other}"),
    });
}
