//! What a file is: its name as people see it, and its type.
//!
//! Invariant: the type is found in the bytes; a name can neither hide what stands beside it nor lead to
//! another folder.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use actix_web::http::header::{Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use api_types::{
    error::{FieldCode, FieldError},
    text::is_deceptive,
};
use image::ImageFormat;

/// So many characters a name may have.
const LONGEST_NAME: usize = 200;

/// The field that an upload comes in.
const FIELD: &str = "/file";

/// The name without what a browser or a program put around it: the folders it came from, and characters that
/// cannot be seen.
pub fn clean_name(given: &str) -> Result<String, FieldError> {
    let refused = |code, message: &str| FieldError { pointer: FIELD.to_owned(), code, message: message.to_owned() };
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !c.is_control() && !is_deceptive(*c) && *c != '\u{200D}').collect();
    let name = visible.trim();
    if name.trim_matches('.').is_empty() {
        return Err(refused(FieldCode::Required, "The file needs a name."));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(refused(FieldCode::TooLong, "A file's name has at most 200 characters."));
    }
    Ok(name.to_owned())
}

/// The name that a multipart form carries. Browsers write a quote and a line break as escapes, and nothing else.
pub fn name_in_form(disposition: &ContentDisposition) -> String {
    let plain = disposition.get_filename().map(|name| name.replace("%22", "\"").replace("%0D", "").replace("%0A", ""));
    let extended = || {
        let value = disposition.get_filename_ext()?;
        String::from_utf8(value.value.clone()).ok()
    };
    plain.or_else(extended).unwrap_or_default()
}

/// The type of a file, found in its beginning.
pub fn content_type_of(path: &Path, name: &str) -> io::Result<&'static str> {
    let mut head = Vec::new();
    File::open(path)?.take(8192).read_to_end(&mut head)?;
    Ok(content_type(&head, name))
}

/// The type of a file that begins with these bytes.
fn content_type(head: &[u8], name: &str) -> &'static str {
    if let Some(known) = infer::get(head).map(|known| known.mime_type())
        && !known.starts_with("text/")
    {
        return known;
    }
    let Some(text) = text(head) else {
        return "application/octet-stream";
    };
    let lower = text.to_ascii_lowercase();
    if lower.contains("<svg") {
        return "image/svg+xml";
    }
    if infer::get(head).is_some_and(|known| known.mime_type() == "text/html") || lower.contains("<html") {
        return "text/html";
    }
    if lower.trim_start().starts_with("<?xml") {
        return "text/xml";
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref() {
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("ics") => "text/calendar",
        Some("md") => "text/markdown",
        _ => "text/plain",
    }
}

/// The bytes as text, if that is what they are. The last character may be cut.
fn text(head: &[u8]) -> Option<&str> {
    if head.contains(&0) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => {
            head.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok())
        }
        Err(_) => None,
    }
}

/// The pictures that may be shown in a thread.
pub fn picture(content_type: &str) -> Option<ImageFormat> {
    match content_type {
        "image/png" => Some(ImageFormat::Png),
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// `Content-Disposition` with the name in both of its spellings (RFC 6266, RFC 8187).
pub fn disposition(inline: bool, name: &str) -> ContentDisposition {
    // Old programs read only this one: without quotes, and in ASCII.
    let plain = name.chars().map(|c| if c.is_ascii() && !matches!(c, '"' | '\\' | '%') { c } else { '_' }).collect();
    let mut parameters = vec![DispositionParam::Filename(plain)];
    parameters.push(DispositionParam::FilenameExt(ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    }));
    let disposition = if inline { DispositionType::Inline } else { DispositionType::Attachment };
    ContentDisposition { disposition, parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_what_people_wrote_and_lose_what_hides() {
        for (given, kept) in [
            ("Rûche n° 3 « été ».png", "Rûche n° 3 « été ».png"),
            ("תמונה.jpg", "תמונה.jpg"),
            ("a\"b'c.txt", "a\"b'c.txt"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\carl\\hive.csv", "hive.csv"),
            ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
            ("\u{200F}WhatsApp\u{200B} 1.jpg", "WhatsApp 1.jpg"),
            ("tab\tnul\0.txt", "tabnul.txt"),
            (" .htaccess ", ".htaccess"),
        ] {
            assert_eq!(clean_name(given).as_deref(), Ok(kept), "{given:?}");
        }
        assert_eq!(clean_name(&"é".repeat(200)).map(|name| name.chars().count()), Ok(200));
        for given in ["", "..", ".", "a/", "\u{200B}", "   ", &"x".repeat(201)] {
            assert!(clean_name(given).is_err(), "{given:?}");
        }
    }

    #[test]
    fn types_come_from_the_bytes() {
        for (head, name, found) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "x.txt", "image/png"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", "x.png", "image/svg+xml"),
            (b"<?xml version='1.0'?>\n<!-- x -->\n<SVG>", "x.png", "image/svg+xml"),
            (b"<!doctype html><script>", "x.png", "text/html"),
            (b"hello <html>", "x.jpg", "text/html"),
            (b"%PDF-1.7", "x", "application/pdf"),
            (b"a;b\n1;2\n", "hives.CSV", "text/csv"),
            (b"plain", "x", "text/plain"),
            (b"\xff\xfe\x00\x01binary", "x.png", "application/octet-stream"),
            (b"caf\xc3", "x", "text/plain"),
        ] {
            assert_eq!(content_type(head, name), found, "{name}");
        }
    }

    #[test]
    fn a_name_is_sent_in_both_spellings() {
        let sent = disposition(false, "Été \"3\".csv").to_string();
        assert_eq!(sent, "attachment; filename=\"_t_ _3_.csv\"; filename*=UTF-8''%C3%89t%C3%A9%20%223%22.csv");
    }
}
