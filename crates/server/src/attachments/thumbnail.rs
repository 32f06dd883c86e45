//! Small pictures of pictures.
//!
//! Invariant: a picture is drawn anew, so that nothing of what a camera wrote beside it remains, and one that
//! would take too much memory is not drawn at all.

use std::io::{self, BufRead, Cursor, Seek};

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::error::{AppError, Result};

/// The longest side, in pixels: twice what the thread shows, for dense screens.
const LONGEST: u32 = 480;

/// The longest side of a picture that is drawn.
const LARGEST_SIDE: u32 = 16_384;

/// What drawing may take. A photograph of 50 megapixels fits.
const MEMORY: u64 = 160 * 1024 * 1024;

const QUALITY: u8 = 82;

/// A small picture.
pub struct Drawn {
    pub content_type: &'static str,
    pub width: u32,
    pub height: u32,
    pub bytes: Vec<u8>,
}

/// Drawing takes a picture's whole memory: one at a time.
static TURN: Semaphore = Semaphore::const_new(1);

/// Draws a picture small when it has its turn; nothing if it cannot be drawn.
pub async fn draw_in_turn<P: BufRead + Seek>(
    open: impl FnOnce() -> io::Result<P> + Send + 'static,
    format: ImageFormat,
) -> Result<Option<Drawn>> {
    let _turn = TURN.acquire().await.map_err(AppError::internal)?;
    // A decoder that panics has met a picture that cannot be drawn.
    match spawn_blocking(move || draw(open()?, format)).await {
        Ok(Ok(drawn)) => Ok(Some(drawn)),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a picture could not be drawn small");
            Ok(None)
        }
        Err(panic) => {
            tracing::warn!(%panic, "a picture could not be drawn small");
            Ok(None)
        }
    }
}

/// Draws the small picture of one. It takes long: never on a thread that answers.
fn draw(picture: impl BufRead + Seek, format: ImageFormat) -> ImageResult<Drawn> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(picture, format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    let orientation = decoder.orientation()?;
    let picture = DynamicImage::from_decoder(decoder)?;
    let mut small = if picture.width().max(picture.height()) > LONGEST {
        picture.resize(LONGEST, LONGEST, FilterType::Triangle)
    } else {
        picture
    };
    // Turning the small one is cheaper.
    small.apply_orientation(orientation);
    let (width, height) = (small.width(), small.height());
    let mut bytes = Vec::new();
    let content_type = if small.color().has_alpha() {
        DynamicImage::ImageRgba8(small.into_rgba8()).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)?;
        "image/png"
    } else {
        JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&small.into_rgb8())?;
        "image/jpeg"
    };
    Ok(Drawn { content_type, width, height, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageError;

    /// A GIF of one pixel on a canvas of this size.
    fn canvas(width: u16, height: u16) -> Cursor<Vec<u8>> {
        let mut bytes = b"GIF89a".to_vec();
        bytes.extend(width.to_le_bytes().into_iter().chain(height.to_le_bytes()));
        bytes.extend([0x80, 0, 0, 255, 128, 0, 0, 0, 0]);
        bytes.extend([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0, 0x3B]);
        Cursor::new(bytes)
    }

    #[test]
    fn what_would_take_too_much_memory_is_not_drawn() {
        let drawn = draw(canvas(2_000, 1_000), ImageFormat::Gif).unwrap();
        assert_eq!((drawn.width, drawn.height), (480, 240));
        for (width, height) in [(30_000, 30_000), (20_000, 1), (1, 20_000), (16_000, 16_000)] {
            let refused = draw(canvas(width, height), ImageFormat::Gif).map(|_| ());
            assert!(matches!(refused, Err(ImageError::Limits(_))), "{width} x {height}: {refused:?}");
        }
    }
}
