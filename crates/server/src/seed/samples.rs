//! The files that come with the demo: drawn and written here, so that none has to be kept.
//!
//! Invariant: the same name gives the same bytes.

use std::io::Cursor;

use anyhow::{Result, bail};
use image::{ImageFormat, Rgb, RgbImage};

const PAPER: Rgb<u8> = Rgb([252, 251, 247]);
const GRID: Rgb<u8> = Rgb([222, 218, 206]);
const LINE: Rgb<u8> = Rgb([176, 104, 10]);

/// The bytes of a sample.
pub fn make(name: &str) -> Result<Vec<u8>> {
    match name {
        "balance-R7.png" => chart(|x| if x < 0.62 { Some(0.35 + 0.3 * x + 0.03 * (x * 60.0).sin()) } else { None }),
        "H12 four nights.png" => chart(|x| Some(0.62 - 0.22 * (x * 4.0 * std::f64::consts::TAU).sin().max(-0.4))),
        "H03 brood frame.jpg" => frame(),
        "GDS – effectifs et traitements.csv" => Ok(table().into_bytes()),
        "registre d'élevage.pdf" => Ok(blank_pages(12)),
        "ligne-214.txt" => Ok(b"214;R-KENYANE-02;ruche kenyane;;14;2\nhive_type = top_bar -> champ vide\n".to_vec()),
        _ => bail!("there is no sample {name}"),
    }
}

/// A line over a grid; where it has no value it ends.
fn chart(value: impl Fn(f64) -> Option<f64>) -> Result<Vec<u8>> {
    const SIZE: (u32, u32) = (960, 540);
    let mut picture = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| if x % 96 == 48 || y % 90 == 45 { GRID } else { PAPER });
    for x in 48..SIZE.0 - 48 {
        let Some(height) = value(f64::from(x - 48) / f64::from(SIZE.0 - 96)) else { break };
        let y = (f64::from(SIZE.1) * (1.0 - height)) as u32;
        for thick in 0..4 {
            if let Some(pixel) = picture.get_pixel_mut_checked(x, y.saturating_add(thick)) {
                *pixel = LINE;
            }
        }
    }
    encode(&picture, ImageFormat::Png)
}

/// Comb, seen from above: six-sided cells, capped brown in the middle and open towards the wood.
fn frame() -> Result<Vec<u8>> {
    const CELL: f64 = 26.0;
    let picture = RgbImage::from_fn(1200, 800, |x, y| {
        let (across, down) = (f64::from(x) / CELL, f64::from(y) / (CELL * 0.866));
        let row = down.round();
        let shift = if (row as i64) % 2 == 0 { 0.0 } else { 0.5 };
        let column = (across - shift).round() + shift;
        let from_middle = (across - column).hypot((down - row) * 0.866);
        let out = ((column * CELL - 600.0) / 600.0).hypot((row * CELL * 0.866 - 400.0) / 400.0);
        let grain = f64::from((x * 31 + y * 17) % 23) - 11.0;
        let shade = match (from_middle > 0.44, out) {
            _ if y < 40 || !(30..=1170).contains(&x) => [168.0, 128.0, 84.0],
            (true, _) => [206.0, 170.0, 102.0],
            (false, out) if out < 0.75 => [158.0, 106.0, 52.0],
            (false, out) if out < 0.95 => [236.0, 226.0, 196.0],
            (false, _) => [92.0, 60.0, 24.0],
        };
        Rgb(shade.map(|part: f64| (part + grain - 60.0 * from_middle).clamp(0.0, 255.0) as u8))
    });
    encode(&picture, ImageFormat::Jpeg)
}

fn encode(picture: &RgbImage, format: ImageFormat) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format)?;
    Ok(bytes.into_inner())
}

fn table() -> String {
    let mut table = "ligne;ruche;type;rucher;cadres;traitements\n".to_owned();
    for line in 2..=240 {
        let (kind, apiary) = if line == 214 { ("", "Combe") } else { ("dadant", "Plateau") };
        table.push_str(&format!("{line};R-{:03};{kind};{apiary};{};{}\n", line * 7 % 340, 8 + line % 5, line % 3));
    }
    table
}

/// A PDF of empty pages. Its table of places is counted as it is written.
fn blank_pages(count: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..count).map(|page| format!("{} 0 R", page + 3)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {count} >>", kids.join(" ")),
    ];
    objects.extend((0..count).map(|_| "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned()));
    let mut document = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", document.len()));
        document.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let (start, size) = (document.len(), objects.len() + 1);
    document.push_str(&format!(
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    document.into_bytes()
}
