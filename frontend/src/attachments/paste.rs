//! Pictures and files from the clipboard.
//!
//! Invariant: pasting text stays pasting text.

use web_sys::ClipboardEvent;

use super::{attach_button::listed, uploads::Uploads};

/// Attaches what is pasted, when it is files.
pub fn paste_into(uploads: Uploads, event: &ClipboardEvent) {
    let Some(data) = event.clipboard_data() else { return };
    let types = data.types();
    // A spreadsheet offers its cells as words and as a picture; the words are meant.
    let is_text = types.includes(&"text/plain".into(), 0) && types.includes(&"text/html".into(), 0);
    let files = listed(data.files());
    if !is_text && !files.is_empty() {
        event.prevent_default();
        uploads.add(files);
    }
}
