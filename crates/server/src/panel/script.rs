//! `/panel.js`: the script by which a website shows the panel.
//!
//! Invariant: it is small enough that nobody minds it, and it takes nothing from the website but what its owner wrote.

use actix_web::{
    HttpResponse, get,
    http::header::{self, HeaderName},
};

const SCRIPT: &str = include_str!("panel.js");

#[get("/panel.js")]
pub async fn serve_script() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/javascript; charset=utf-8"))
        // Websites name it without a hash, so a new one has to reach them soon.
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"))
        .body(SCRIPT)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::SCRIPT;

    #[test]
    fn it_takes_four_kilobytes_at_most() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(SCRIPT.as_bytes()).unwrap();
        let size = gzip.finish().unwrap().len();
        assert!(size <= 4096, "{size} bytes");
    }
}
