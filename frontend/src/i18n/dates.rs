//! Dates, numbers and plurals by the browser's own `Intl`.
//!
//! Invariant: no rule of a language is written here; the formatters are made once per language.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use api_types::people::Locale;
use api_types::time::Timestamp;
use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::{Words, locale, words};

/// The formatters of one language, each made when it is first needed: making one takes as long as
/// using it a hundred times.
struct Formats {
    locale: Locale,
    tags: Array,
    exact: OnceCell<Function>,
    day: OnceCell<Function>,
    count: OnceCell<Function>,
    sizes: [OnceCell<Function>; 4],
    /// Minutes, hours and days in full.
    stretches: [OnceCell<Function>; 3],
    relative: OnceCell<Intl::RelativeTimeFormat>,
    plural: OnceCell<Intl::PluralRules>,
}

thread_local! {
    static FORMATS: RefCell<Option<Rc<Formats>>> = const { RefCell::new(None) };
}

words! {
    JUST_NOW: "just now", "à l’instant";
    DAYS: "{} d", "{} j";
    HOURS: "{} h", "{} h";
    MINUTES: "{} min", "{} min";
}

fn formats() -> Rc<Formats> {
    let locale = locale();
    FORMATS.with_borrow_mut(|slot| match slot {
        Some(formats) if formats.locale == locale => Rc::clone(formats),
        _ => Rc::clone(slot.insert(Rc::new(Formats::of(locale)))),
    })
}

impl Formats {
    fn of(locale: Locale) -> Self {
        // British English, so that both languages put the day before the month and count to 24.
        let tag = match locale {
            Locale::English => "en-GB",
            Locale::French => "fr",
        };
        Self {
            locale,
            tags: Array::of1(&tag.into()),
            exact: OnceCell::new(),
            day: OnceCell::new(),
            count: OnceCell::new(),
            sizes: Default::default(),
            stretches: Default::default(),
            relative: OnceCell::new(),
            plural: OnceCell::new(),
        }
    }

    fn dates(&self, pairs: &[(&str, &str)]) -> Function {
        Intl::DateTimeFormat::new(&self.tags, &options(pairs)).format()
    }

    fn exact(&self) -> &Function {
        self.exact.get_or_init(|| self.dates(&[("dateStyle", "full"), ("timeStyle", "short")]))
    }

    fn day(&self) -> &Function {
        self.day.get_or_init(|| self.dates(&[("dateStyle", "medium")]))
    }

    fn count(&self) -> &Function {
        self.count.get_or_init(|| Intl::NumberFormat::new(&self.tags, &Object::new()).format())
    }

    fn relative(&self) -> &Intl::RelativeTimeFormat {
        let style = [("numeric", "auto"), ("style", "short")];
        self.relative.get_or_init(|| Intl::RelativeTimeFormat::new(&self.tags, &options(&style)))
    }

    fn plural(&self) -> &Intl::PluralRules {
        self.plural.get_or_init(|| Intl::PluralRules::new(&self.tags, &Object::new()))
    }
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        drop(Reflect::set(&object, &(*name).into(), &(*value).into()));
    }
    object
}

fn formatted(format: &Function, value: &JsValue) -> String {
    format.call1(&JsValue::UNDEFINED, value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

pub fn milliseconds(at: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit a float until the year 287396")]
    let milliseconds = at.as_millisecond() as f64;
    milliseconds
}

/// The day and the minute, in full.
pub fn exact(at: Timestamp) -> String {
    formatted(formats().exact(), &Date::new(&milliseconds(at).into()))
}

/// The day alone.
pub fn day(at: Timestamp) -> String {
    formatted(formats().day(), &Date::new(&milliseconds(at).into()))
}

/// How moments are written on the clocks of a time zone. A zone that is not known is an exception, which only this way
/// of asking catches.
fn clocks_of(zone: &str, pairs: &[(&str, &str)]) -> Result<Intl::DateTimeFormat, JsValue> {
    let class = Reflect::get(&Reflect::get(&js_sys::global(), &"Intl".into())?, &"DateTimeFormat".into())?;
    let class: Function = class.unchecked_into();
    let style = options(&[pairs, &[("timeZone", zone)]].concat());
    Reflect::construct(&class, &Array::of2(&formats().tags, &style)).map(JsCast::unchecked_into)
}

/// A day of the week, its date and the minute, on the clocks of a time zone; in UTC where the browser knows no such zone.
pub fn moment_in(at: Timestamp, zone: &str) -> String {
    let pairs =
        [("weekday", "long"), ("day", "numeric"), ("month", "long"), ("hour", "2-digit"), ("minute", "2-digit")];
    let made = clocks_of(zone, &pairs).or_else(|_| clocks_of("UTC", &pairs));
    made.map(|made| formatted(&made.format(), &Date::new(&milliseconds(at).into()))).unwrap_or_default()
}

/// A day of the calendar, such as `2026-03-02`, which is the same one everywhere.
pub fn calendar_day(day: &str) -> String {
    formatted(formats().day(), &Date::new(&format!("{day}T12:00:00").into()))
}

/// How long before `now` (in milliseconds) it was.
pub fn relative(at: Timestamp, now: f64) -> String {
    let minutes = ((milliseconds(at) - now) / 60_000.0).round();
    let (value, unit) = match minutes.abs() {
        m if m < 1.0 => return JUST_NOW.get().to_owned(),
        m if m < 60.0 => (minutes, "minute"),
        m if m < 60.0 * 24.0 => ((minutes / 60.0).round(), "hour"),
        m if m < 60.0 * 24.0 * 14.0 => ((minutes / 60.0 / 24.0).round(), "day"),
        _ => return day(at),
    };
    String::from(formats().relative().format(value, unit))
}

/// A stretch of time in its two largest units.
pub fn elapsed(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let say = |words: Words, number: i64| words.with(&number.to_string());
    match (days, hours) {
        (0, 0) => say(MINUTES, minutes),
        (0, _) if minutes == 0 => say(HOURS, hours),
        (0, _) => format!("{} {}", say(HOURS, hours), say(MINUTES, minutes)),
        (_, 0) => say(DAYS, days),
        _ => format!("{} {}", say(DAYS, days), say(HOURS, hours)),
    }
}

/// The same in its largest unit alone.
pub fn roughly(seconds: i64) -> String {
    let unit = [86_400, 3_600].into_iter().find(|unit| seconds >= *unit).unwrap_or(60);
    elapsed(seconds / unit * unit)
}

/// The same in full words.
pub fn in_words(seconds: i64) -> String {
    let minutes = seconds.max(0) / 60;
    let parts = [minutes % 60, minutes / 60 % 24, minutes / 1440];
    let largest = parts.iter().rposition(|part| *part > 0).unwrap_or_default();
    let formats = formats();
    let say = |place: usize| {
        let make = || {
            let unit = ["minute", "hour", "day"].get(place).copied().unwrap_or("day");
            let style = [("style", "unit"), ("unit", unit), ("unitDisplay", "long")];
            Intl::NumberFormat::new(&formats.tags, &options(&style)).format()
        };
        let part = parts.get(place).copied().filter(|part| *part > 0 || largest == 0)?;
        #[expect(clippy::cast_precision_loss, reason = "few digits")]
        let part = part as f64;
        formats.stretches.get(place).map(|slot| formatted(slot.get_or_init(make), &part.into()))
    };
    let smaller = largest.checked_sub(1).and_then(say);
    [say(largest), smaller].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The clocks of a time zone. Where the browser does not know it, they are those of UTC, and say so.
pub struct ZoneClock(Option<Intl::DateTimeFormat>);

impl ZoneClock {
    pub fn of(zone: &str) -> Self {
        let shown = [("day", "numeric"), ("month", "short"), ("hour", "2-digit"), ("minute", "2-digit")];
        let named = [&shown[..], &[("timeZoneName", "short")]].concat();
        Self(clocks_of(zone, &shown).or_else(|_| clocks_of("UTC", &named)).ok())
    }

    /// From one moment to another, or at one.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> String {
        let [from, to] = [from, to].map(|at| Date::new(&milliseconds(at).into()));
        let said = self.0.as_ref().and_then(|format| format.format_range(&from, &to).ok());
        said.map(String::from).unwrap_or_default()
    }
}

/// A whole number as the language groups it.
pub fn count(number: u32) -> String {
    self::number(number.into())
}

/// A number as the language writes it.
pub fn number(number: f64) -> String {
    formatted(formats().count(), &number.into())
}

/// How large a file is, in the unit that says it shortest.
pub fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "few digits are shown")]
    let bytes = bytes as f64;
    let (step, unit) = match bytes {
        b if b < 1024.0 => (0, "byte"),
        b if b < 1024.0 * 1024.0 => (1, "kilobyte"),
        b if b < 1024.0 * 1024.0 * 1024.0 => (2, "megabyte"),
        _ => (3, "gigabyte"),
    };
    let formats = formats();
    let words = if step == 0 { "long" } else { "short" };
    let style = [("style", "unit"), ("unit", unit), ("unitDisplay", words)];
    let make = || Intl::NumberFormat::new(&formats.tags, &options(&style)).format();
    let format = formats.sizes.get(usize::try_from(step).unwrap_or_default()).map(|slot| slot.get_or_init(make));
    let value = bytes / 1024_f64.powi(step);
    let value = if value < 10.0 { (value * 10.0).round() / 10.0 } else { value.round() };
    format.map(|format| formatted(format, &value.into())).unwrap_or_default()
}

pub(super) fn is_one(number: u32) -> bool {
    formats().plural().select(f64::from(number)) == "one"
}
